import { ActionError } from '../../errors/action-error.ts'
import { objectAt, stringAt } from '../../json.ts'
import type { RunContext } from '../../run-context.ts'

/** The commit that git has checked out. */
export interface HeadCommit {
  /** 40 hex digits. */
  readonly id: string
  readonly committedAt: Date
}

/**
 * The commit that a run is about. A pull request runs on a merge commit that nobody will find
 * again; its head is what is meant. `pull_request_target` and `workflow_run` run on a branch of the
 * repository itself, and are about what asked for them where that is checked out.
 * @param head What is checked out, where it is known.
 */
export function commitOf(context: RunContext, head?: string): string {
  const { eventName, sha } = context
  if (eventName === 'pull_request') return pullRequestHead(context) ?? sha
  return head === undefined ? sha : (commitOfHead(context, head) ?? sha)
}

/** Whether it takes the checkout to know what a run is about. */
export function isAboutCheckout({ eventName }: Pick<RunContext, 'eventName'>): boolean {
  return eventName === 'pull_request_target' || eventName === 'workflow_run'
}

/**
 * Refuses to name an image where a run on behalf of others has checked out what its event does not
 * tell: their files would bear the name of a commit of ours.
 * @throws ActionError `untrusted-event`
 */
export function refuseStrangeCheckout(context: RunContext, head: string): void {
  if (!isAboutCheckout(context) || isOfRun(context, head)) return
  const path =
    context.eventName === 'workflow_run' ? 'workflow_run.head_sha' : 'pull_request.head.sha'
  throw new ActionError(
    'untrusted-event',
    `the checked-out commit ${head.slice(0, 12)} is neither that of this ${context.eventName} nor the one that asked for it`,
    `Check out \`\${{ github.event.${path} }}\`, or leave out \`ref\` of actions/checkout; nothing was built.`,
  )
}

/** Whether the event tells of this commit: the run's own, or what it is about. */
export function isOfRun(context: RunContext, head: string): boolean {
  return (
    head === context.sha ||
    head === commitOf(context, head) ||
    commitOfHead(context, head) !== undefined
  )
}

/** The commit that a checkout of an event on behalf of others stands for. */
function commitOfHead(context: RunContext, head: string): string | undefined {
  const { eventName, event } = context
  if (eventName === 'workflow_run') {
    return stringAt(objectAt(event, 'workflow_run'), 'head_sha') === head ? head : undefined
  }
  if (eventName !== 'pull_request_target') return undefined
  const asked = pullRequestHead(context)
  const merged = stringAt(objectAt(event, 'pull_request'), 'merge_commit_sha')
  return head === asked || head === merged ? asked : undefined
}

function pullRequestHead({ event }: RunContext): string | undefined {
  return stringAt(objectAt(objectAt(event, 'pull_request'), 'head'), 'sha')
}
