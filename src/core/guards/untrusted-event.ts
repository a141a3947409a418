import { ActionError } from '../errors/action-error.ts'
import { objectAt, stringAt } from '../json.ts'
import type { RunContext } from '../run-context.ts'

/**
 * Why this run must not write: somebody outside the repository may have shaped what it builds.
 * @returns undefined where the event is trusted.
 */
export function untrustedReason(context: RunContext): string | undefined {
  switch (context.eventName) {
    case 'pull_request_target':
      return 'pull_request_target runs with secrets on behalf of whoever opened the pull request'
    // A review's job checks out what the pull request brings, too.
    case 'pull_request_review':
    case 'pull_request_review_comment':
    case 'pull_request':
      return headReason(
        stringAt(headRepository(objectAt(context.event, 'pull_request')), 'full_name'),
        context,
      )
    case 'workflow_run': {
      const head = objectAt(objectAt(context.event, 'workflow_run'), 'head_repository')
      return headReason(stringAt(head, 'full_name'), context)
    }
    default:
      return undefined
  }
}

function headRepository(pullRequest: RunContext['event']): RunContext['event'] {
  return objectAt(objectAt(pullRequest, 'head'), 'repo')
}

function headReason(head: string | undefined, context: RunContext): string | undefined {
  // A deleted fork has no repository in the payload: unknown is not trusted.
  if (head === undefined) return `the head repository of this ${context.eventName} is unknown`
  if (head.toLowerCase() === context.repository.toLowerCase()) return undefined
  return `the head of this ${context.eventName} is the fork ${head}`
}

/** @throws ActionError `untrusted-event` unless the event is trusted or `allowed`. */
export function guardTrust(context: RunContext, allowed: boolean): void {
  const reason = allowed ? undefined : untrustedReason(context)
  if (reason === undefined) return
  throw new ActionError(
    'untrusted-event',
    `refused to push or deploy: ${reason}`,
    'Run this step on push, tag or workflow_dispatch events; only if you trust everyone who can trigger it, set `allow-untrusted-events: true`.',
  )
}
