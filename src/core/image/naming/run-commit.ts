import { ActionError } from '../../errors/action-error.ts'
import { objectAt, stringAt } from '../../json.ts'
import type { RunContext } from '../../run-context.ts'

/** The commit that is built. */
export interface HeadCommit {
  /** 40 hex digits. */
  readonly id: string
  /** Undefined where git does not tell it. */
  readonly committedAt: Date | undefined
}

/**
 * The commit that a run is about. A pull request runs on a merge commit that nobody will find
 * again; its head is what is meant. `pull_request_target` and `workflow_run` run on a branch of the
 * repository itself, and are about what is built: where that is known, no other commit lends its name.
 * @param head What is built, where it is known.
 */
export function commitOf(context: RunContext, head?: string): string {
  const { eventName, sha } = context
  if (eventName === 'pull_request') return pullRequestHead(context) ?? sha
  if (head === undefined || !isAboutCheckout(context)) return sha
  return isMergeOf(context, head) ? (pullRequestHead(context) ?? head) : head
}

/** Whether it takes the checkout to know what a run is about. */
export function isAboutCheckout({ eventName }: Pick<RunContext, 'eventName'>): boolean {
  return eventName === 'pull_request_target' || eventName === 'workflow_run'
}

/** The commits after which the event alone would name an image: the run's own, and what asked for it. */
export function commitsOfEvent(context: RunContext): readonly string[] {
  const { eventName, event, sha } = context
  const asked =
    eventName === 'workflow_run'
      ? stringAt(objectAt(event, 'workflow_run'), 'head_sha')
      : eventName === 'pull_request' || eventName === 'pull_request_target'
        ? pullRequestHead(context)
        : undefined
  return [...new Set([sha, ...(asked === undefined ? [] : [asked])])]
}

/** Whether the event tells of this commit: the run's own, or what it is about. */
export function isOfRun(context: RunContext, head: string): boolean {
  return commitsOfEvent(context).includes(head) || isMergeOf(context, head)
}

/**
 * Refuses to name an image of files of which git tells no commit, where the event tells several: those
 * of somebody else would bear the name of a commit of ours.
 * @throws ActionError `untrusted-event`
 */
export function refuseUnknownCheckout(context: RunContext): void {
  const told = commitsOfEvent(context)
  if (!isAboutCheckout(context) || told.length === 1) return
  const either = told.map((commit) => commit.slice(0, 12)).join(' or ')
  throw new ActionError(
    'untrusted-event',
    `git does not tell which commit is built, ${either}: this ${context.eventName} may be about either`,
    'Run actions/checkout before this step, in a job that has git, and build a folder of it; nothing was built.',
  )
}

/** The merge that GitHub made of the pull request that asked for the run. */
function isMergeOf({ eventName, event }: RunContext, head: string): boolean {
  return (
    eventName === 'pull_request_target' &&
    stringAt(objectAt(event, 'pull_request'), 'merge_commit_sha') === head
  )
}

function pullRequestHead({ event }: RunContext): string | undefined {
  return stringAt(objectAt(objectAt(event, 'pull_request'), 'head'), 'sha')
}
