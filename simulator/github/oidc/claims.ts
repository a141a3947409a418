/** The job for which GitHub would issue a token. */
export interface Job {
  /** `octo-org/octo-repo` */
  readonly repository: string
  readonly repositoryId: string
  readonly repositoryOwnerId: string
  readonly ref: string
  readonly sha: string
  readonly eventName: string
  readonly actor: string
  readonly workflow: string
  readonly runId: string
  readonly runNumber: string
  readonly runAttempt: string
  /** The job's `environment:`, which takes the ref's place in the subject. */
  readonly environment?: string
  readonly repositoryVisibility: 'public' | 'private' | 'internal'
}

export const DEFAULT_JOB: Job = {
  repository: 'octo-org/octo-repo',
  repositoryId: '74',
  repositoryOwnerId: '65',
  ref: 'refs/heads/main',
  sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
  eventName: 'push',
  actor: 'octocat',
  workflow: 'release',
  runId: '1234567890',
  runNumber: '10',
  runAttempt: '1',
  repositoryVisibility: 'private',
}

/** `name` is the classic subject; `immutable` carries the ids, so that a renamed owner is another. */
export type SubjectFormat = 'name' | 'immutable'

/** `repo:octo-org/octo-repo:ref:refs/heads/main`, or with ids `repo:octo-org@65/octo-repo@74:…`. */
export function subjectOf(job: Job, format: SubjectFormat): string {
  const [owner = '', name = ''] = job.repository.split('/')
  const repository =
    format === 'name'
      ? job.repository
      : `${owner}@${job.repositoryOwnerId}/${name}@${job.repositoryId}`
  if (job.environment !== undefined) return `repo:${repository}:environment:${job.environment}`
  if (job.eventName === 'pull_request') return `repo:${repository}:pull_request`
  return `repo:${repository}:ref:${job.ref}`
}

/** GitHub's own claims; the registered ones (`iss`, `aud`, `exp` …) are the issuer's. */
export function claimsOf(job: Job): Record<string, string> {
  const workflowRef = `${job.repository}/.github/workflows/${job.workflow}.yml@${job.ref}`
  const environment = job.environment === undefined ? {} : { environment: job.environment }
  return {
    actor: job.actor,
    base_ref: '',
    event_name: job.eventName,
    head_ref: '',
    job_workflow_ref: workflowRef,
    job_workflow_sha: job.sha,
    ref: job.ref,
    ref_protected: 'false',
    ref_type: job.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: job.repository,
    repository_id: job.repositoryId,
    repository_owner: job.repository.split('/')[0] ?? '',
    repository_owner_id: job.repositoryOwnerId,
    repository_visibility: job.repositoryVisibility,
    run_attempt: job.runAttempt,
    run_id: job.runId,
    run_number: job.runNumber,
    runner_environment: 'github-hosted',
    sha: job.sha,
    workflow: job.workflow,
    workflow_ref: workflowRef,
    workflow_sha: job.sha,
    ...environment,
  }
}
