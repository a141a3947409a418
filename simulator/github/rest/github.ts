import { randomUUID } from 'node:crypto'

import type { Clock } from '../../clock/clock.ts'
import type { JsonObject } from '../../wire/service.ts'
import { GitHubRepository, type RepositoryOptions } from './repository.ts'
import { Tokens } from './tokens.ts'

/** GitHub as its REST API knows it: repositories and who may ask about them. */
export class GitHub {
  readonly clock: Clock
  readonly tokens: Tokens
  /** A token that may do everything, as a job's GITHUB_TOKEN with all permissions. */
  readonly token: string
  readonly #repositories = new Map<string, GitHubRepository>()

  constructor(clock: Clock) {
    this.clock = clock
    this.tokens = new Tokens(clock)
    this.token = this.tokens.issue()
  }

  /** Names are compared without regard to case. */
  find(name: string): GitHubRepository | undefined {
    return this.#repositories.get(name.toLowerCase())
  }

  addRepository(options: RepositoryOptions): GitHubRepository {
    const repository = new GitHubRepository(options)
    this.#repositories.set(repository.name.toLowerCase(), repository)
    return repository
  }

  /** Repositories with their refs and deployments, for the control route. */
  state(): JsonObject {
    const repositories = [...this.#repositories.values()].map((repository): JsonObject => ({
      name: repository.name,
      defaultBranch: repository.defaultBranch,
      commits: repository.commits.size,
      refs: Object.fromEntries(repository.commits.refs),
      deployments: repository.deployments.map(({ id, ref, sha, environment, statuses }) => ({
        ...{ id, ref, sha, environment },
        states: statuses.map(({ state }) => state),
      })),
    }))
    return { repositories }
  }
}

/** GitHub's name for one request, for support. */
export function githubRequestId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 24).toUpperCase()
}
