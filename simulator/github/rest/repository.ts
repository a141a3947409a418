import type { Json } from '../../wire/service.ts'
import { CommitGraph } from './commit-graph.ts'

export const STATES = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
] as const

export interface DeploymentStatus {
  readonly id: number
  readonly state: (typeof STATES)[number]
  readonly description: string
  readonly environment: string
  readonly environmentUrl: string
  readonly logUrl: string
  readonly createdAtMs: number
}

/** A deployment in GitHub's sense: somebody means to deploy a ref to an environment. */
export interface Deployment {
  readonly id: number
  readonly sha: string
  readonly ref: string
  readonly task: string
  readonly environment: string
  readonly description: string
  readonly isTransient: boolean
  readonly isProduction: boolean
  readonly payload: Json
  readonly createdAtMs: number
  /** Oldest first. */
  readonly statuses: DeploymentStatus[]
}

export interface RepositoryOptions {
  /** `octo-org/octo-repo` */
  readonly name: string
  /** Without a token a private one is not there; default true. */
  readonly isPrivate?: boolean
  /** Default `main`. */
  readonly defaultBranch?: string
}

/** A repository on GitHub. */
export class GitHubRepository {
  readonly name: string
  readonly isPrivate: boolean
  readonly defaultBranch: string
  readonly commits = new CommitGraph()
  /** Oldest first. */
  readonly deployments: Deployment[] = []

  constructor({ name, isPrivate = true, defaultBranch = 'main' }: RepositoryOptions) {
    if (!/^[\w.-]+\/[\w.-]+$/.test(name)) throw new TypeError(`'${name}' is not owner/name`)
    this.name = name
    this.isPrivate = isPrivate
    this.defaultBranch = defaultBranch
  }
}
