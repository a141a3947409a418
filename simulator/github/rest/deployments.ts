import { createHash } from 'node:crypto'

import { placeOf } from '../../document/problem.ts'
import { Fields } from '../../document/fields.ts'
import type { JsonObject } from '../../wire/service.ts'
import { GitHubError, validationFailed } from './github-error.ts'
import {
  STATES,
  type Deployment,
  type DeploymentStatus,
  type GitHubRepository,
} from './repository.ts'

const PAGE = 'deployments/deployments#create-a-deployment'
const STATUS_PAGE = 'deployments/statuses#create-a-deployment-status'
const MOST_DESCRIPTION = 140
/** What became of a request for a deployment: it was made, or the default branch was merged. */
export type CreatedDeployment =
  | { readonly kind: 'created'; readonly deployment: Deployment }
  | { readonly kind: 'merged'; readonly message: string }

/** POST …/deployments. */
export function createDeployment(
  repository: GitHubRepository,
  input: JsonObject,
  nowMs: number,
): CreatedDeployment {
  const fields = fieldsOf(input)
  const ref = fields.text('ref')
  if (ref === undefined) throw validationFailed('Deployment', 'ref', 'missing_field', PAGE)
  const commit = repository.commits.resolve(ref)
  if (commit === undefined) throw new GitHubError(422, `No ref found for: ${ref}`, PAGE)
  if (fields.flag('auto_merge') !== false) {
    const message = mergeDefaultBranch(repository, ref, nowMs)
    if (message !== undefined) return { kind: 'merged', message }
  }
  const environment = fields.text('environment') ?? 'production'
  const deployment: Deployment = {
    id: repository.deployments.length + 1,
    sha: commit.sha,
    ref,
    task: fields.text('task') ?? 'deploy',
    environment,
    description: fields.text('description') ?? '',
    isTransient: fields.flag('transient_environment') ?? false,
    isProduction: fields.flag('production_environment') ?? environment === 'production',
    payload: fields.raw('payload') ?? {},
    createdAtMs: nowMs,
    statuses: [],
  }
  refuseMistakes(fields, 'Deployment', PAGE)
  repository.deployments.push(deployment)
  return { kind: 'created', deployment }
}

/** A branch that lacks commits of the default branch gets them instead of a deployment. */
function mergeDefaultBranch(
  { commits, defaultBranch }: GitHubRepository,
  ref: string,
  nowMs: number,
): string | undefined {
  const branch = ref.replace(/^(refs\/)?heads\//, '')
  const head = commits.refs.get(`heads/${branch}`)
  const trunk = commits.refs.get(`heads/${defaultBranch}`)
  if (head === undefined || trunk === undefined || branch === defaultBranch) return undefined
  const [from, to] = [commits.resolve(trunk), commits.resolve(head)]
  if (from === undefined || to === undefined) return undefined
  const behindBy = commits.compare(from, to)?.behindBy ?? 0
  if (behindBy === 0) return undefined
  const sha = createHash('sha1').update(`merge ${trunk} into ${head}`).digest('hex')
  const message = `Merge branch '${defaultBranch}' into ${branch}`
  commits.add({ sha, parents: [head, trunk], message, committedAtMs: nowMs })
  commits.point(`heads/${branch}`, sha)
  return `Auto-merged ${defaultBranch} into ${branch} on deployment.`
}

/** POST …/deployments/{id}/statuses. */
export function createStatus(
  repository: GitHubRepository,
  deployment: Deployment,
  input: JsonObject,
  nowMs: number,
): DeploymentStatus {
  const fields = fieldsOf(input)
  if (!fields.has('state')) {
    throw validationFailed('DeploymentStatus', 'state', 'missing_field', STATUS_PAGE)
  }
  const state = fields.choice('state', STATES)
  const description = fields.text('description') ?? ''
  if (state === undefined) {
    throw validationFailed('DeploymentStatus', 'state', 'custom', STATUS_PAGE)
  }
  if (description.length > MOST_DESCRIPTION) {
    throw validationFailed('DeploymentStatus', 'description', 'custom', STATUS_PAGE)
  }
  const status = {
    id: deployment.id * 1000 + deployment.statuses.length + 1,
    state,
    description,
    environment: fields.text('environment') ?? deployment.environment,
    environmentUrl: fields.text('environment_url') ?? '',
    logUrl: fields.text('log_url') ?? fields.text('target_url') ?? '',
    createdAtMs: nowMs,
  }
  refuseMistakes(fields, 'DeploymentStatus', STATUS_PAGE)
  deployment.statuses.push(status)
  if (state === 'success' && fields.flag('auto_inactive') !== false) {
    retire(repository, deployment, nowMs)
  }
  return status
}

/** Earlier deployments to the same environment that had succeeded are inactive from now on. */
function retire(repository: GitHubRepository, successor: Deployment, nowMs: number): void {
  for (const { id, environment, isTransient, isProduction, statuses } of repository.deployments) {
    const last = statuses.at(-1)
    if (id === successor.id || environment !== successor.environment) continue
    if (isTransient || isProduction || last?.state !== 'success') continue
    const description = 'This deployment was superseded.'
    statuses.push({ ...last, id: last.id + 1, state: 'inactive', description, createdAtMs: nowMs })
  }
}

/** GitHub passes over members that it does not know. */
function fieldsOf(input: JsonObject): Fields {
  return new Fields(input, [], [], Object.keys(input))
}

function refuseMistakes({ problems }: Fields, resource: string, page: string): void {
  const [first] = problems
  if (first !== undefined) throw validationFailed(resource, placeOf(first.path), 'invalid', page)
}
