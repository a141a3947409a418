import { createHash } from 'node:crypto'

import type { Fields } from '../document/fields.ts'
import type { GitHubRepository } from '../github/rest/repository.ts'
import type { Planting } from './planting.ts'

const REPOSITORY = ['repository', 'private', 'defaultBranch', 'commits']
const COMMIT = ['sha', 'message', 'parents', 'at', 'branches', 'tags']

interface SeedCommit {
  readonly sha: string
  readonly message: string
  /** Undefined: the commit before it in the list. */
  readonly parents: readonly string[] | undefined
  readonly committedAtMs: number | undefined
  readonly refs: readonly string[]
}

/** `github:` repositories with their commits. */
export function readGitHub(seed: Fields): readonly Planting[] {
  return seed.each('github', REPOSITORY).map((fields): Planting => {
    const name = fields.requiredText('repository')
    const isPrivate = fields.flag('private') ?? true
    const defaultBranch = fields.text('defaultBranch') ?? 'main'
    const commits = fields.each('commits', COMMIT).map((commit, index) => readCommit(commit, index))
    return {
      path: fields.path,
      plant: ({ simulator: { github } }) => {
        const repository = github.addRepository({ name, isPrivate, defaultBranch })
        addCommits(repository, commits, github.clock.now())
      },
    }
  })
}

function readCommit(fields: Fields, index: number): SeedCommit {
  const message = fields.text('message') ?? `commit ${String(index + 1)}`
  const made = createHash('sha1')
    .update(`${String(index)} ${message}`)
    .digest('hex')
  const at = fields.text('at')
  const committedAtMs = at === undefined ? undefined : Date.parse(at)
  if (Number.isNaN(committedAtMs)) fields.refuse('at', `is a time in ISO 8601, not '${at ?? ''}'`)
  return {
    sha: fields.text('sha') ?? made,
    message,
    parents: fields.has('parents') ? fields.texts('parents') : undefined,
    committedAtMs,
    refs: [
      ...fields.texts('branches').map((name) => `heads/${name}`),
      ...fields.texts('tags').map((name) => `tags/${name}`),
    ],
  }
}

function addCommits(
  { commits: graph }: GitHubRepository,
  commits: readonly SeedCommit[],
  nowMs: number,
): void {
  let previous: readonly string[] = []
  for (const { sha, message, parents = previous, committedAtMs = nowMs, refs } of commits) {
    graph.add({ sha, parents, message, committedAtMs })
    for (const ref of refs) graph.point(ref, sha)
    previous = [sha]
  }
}
