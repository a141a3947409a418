import { untrustedReason } from '../../guards/untrusted-event.ts'
import { objectAt, stringAt } from '../../json.ts'
import { pushedTag, type RunContext } from '../../run-context.ts'

/** Whose caches a run may use. */
export interface CacheAccess {
  /** Branches whose caches it reads, first the nearest. */
  readonly reads: readonly string[]
  /** The branch whose cache it writes. */
  readonly writes: string | undefined
  /** Its image is released to others: it takes nothing that a run of a stranger could have written. */
  readonly isRelease: boolean
}

/** Events whose runs are about the branch of their ref alone. All others only read. */
const branchEvents = new Set(['push', 'schedule', 'workflow_dispatch', 'repository_dispatch'])

/**
 * Who may write and read which cache:
 *
 * | run | reads | writes |
 * |---|---|---|
 * | push, dispatch or schedule on a branch | that branch's, the default branch's | that branch's |
 * | tag or release | the default branch's | – |
 * | pull request, of a fork too; merge queue | the target branch's, the default branch's | – |
 * | workflow_run after a trusted run of the same branch | as a push | as a push |
 * | any other event, such as a comment | the default branch's | – |
 *
 * Whoever writes a cache decides what later builds that read it hold. So no run writes where one of
 * another branch or of another person's commits would read.
 */
export function cacheAccess(context: RunContext): CacheAccess {
  const { event, eventName, ref } = context
  const defaultBranch = stringAt(objectAt(event, 'repository'), 'default_branch')
  if (pushedTag(context) !== undefined || eventName === 'release') {
    return access([defaultBranch], undefined, true)
  }
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1]
  if (branch !== undefined && (branchEvents.has(eventName) || followsTrustedRun(context, branch))) {
    return access([branch, defaultBranch], branch)
  }
  return access([targetBranch(context), defaultBranch], undefined)
}

function access(
  reads: readonly (string | undefined)[],
  writes: string | undefined,
  isRelease = false,
): CacheAccess {
  const known = reads.filter((branch) => branch !== undefined)
  return { reads: [...new Set(known)], writes, isRelease }
}

/** The commit that is built is the default branch's only where the run before was about it. */
function followsTrustedRun(context: RunContext, branch: string): boolean {
  if (context.eventName !== 'workflow_run' || untrustedReason(context) !== undefined) return false
  const before = objectAt(context.event, 'workflow_run')
  return (
    branchEvents.has(stringAt(before, 'event') ?? '') && stringAt(before, 'head_branch') === branch
  )
}

/** The branch of this repository that a pull request or a merge queue aims at. */
function targetBranch({ event }: RunContext): string | undefined {
  const base =
    stringAt(objectAt(objectAt(event, 'pull_request'), 'base'), 'ref') ??
    stringAt(objectAt(event, 'merge_group'), 'base_ref')
  return base?.replace(/^refs\/heads\//, '')
}
