import type { JsonObject } from './json.ts'

/** What the runner tells about this run; read once, at the entry, from its variables. */
export interface RunContext {
  /** `push`, `workflow_dispatch`, `pull_request`, … */
  readonly eventName: string
  /** The event's payload as GitHub sent it. Untrusted: titles, branch names, forks. */
  readonly event: JsonObject
  /** `owner/name` of the repository the workflow runs in. */
  readonly repository: string
  /** The commit of the run, 40 hex digits. */
  readonly sha: string
  /** `refs/heads/main`, `refs/tags/v1.2.3`, `refs/pull/7/merge`. */
  readonly ref: string
  readonly runId: string
  /** 1 for the first attempt; more for a re-run. */
  readonly runAttempt: number
  /** `https://github.com`, or the host of an enterprise server. */
  readonly serverUrl: string
  /** The checked-out repository; paths in inputs are relative to it. */
  readonly workspace: string
  /** A folder that the runner empties around each job. */
  readonly temporaryDirectory: string
}

/**
 * The tag name of a run that a tag push or a release triggered.
 * @returns undefined for every other run.
 */
export function pushedTag(context: RunContext): string | undefined {
  return /^refs\/tags\/(.+)$/.exec(context.ref)?.[1]
}
