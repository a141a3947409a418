import { createGitHub } from '../../src/adapters/github/rest.ts'
import type { GitHub } from '../../src/ports/github.ts'
import type { GitHubRepository } from '../../simulator/github/rest/repository.ts'
import type { TokenOptions } from '../../simulator/github/rest/tokens.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import { commit } from './run-context.ts'

/** The commits of {@link addShop} besides {@link commit}, which is `main`. */
export const commits = {
  older: '1'.repeat(40),
  newer: '2'.repeat(40),
  /** Of the older one, beside `main`. */
  diverged: '3'.repeat(40),
  /** The older one's double by its first seven digits. */
  twin: `1111111${'4'.repeat(33)}`,
} as const

/** `octo/shop`, the repository of the usual run context. */
export function addShop(simulator: Simulator): GitHubRepository {
  const repository = simulator.github.addRepository({ name: 'octo/shop' })
  const { commits: graph } = repository
  const add = (sha: string, parents: readonly string[]): void => {
    graph.add({ sha, parents, message: 'work', committedAtMs: simulator.github.clock.now() })
  }
  add(commits.older, [])
  add(commit, [commits.older])
  add(commits.newer, [commit])
  add(commits.diverged, [commits.older])
  add(commits.twin, [commits.older])
  graph.point('heads/main', commit)
  return repository
}

/** The real adapter, with a token that has `permissions`; all of them where none are given. */
export function gitHubOf(simulator: Simulator, permissions?: TokenOptions['permissions']): GitHub {
  const token = simulator.github.tokens.issue(permissions === undefined ? {} : { permissions })
  return createGitHub({ apiUrl: `${simulator.url}/github`, repository: 'octo/shop', token })
}
