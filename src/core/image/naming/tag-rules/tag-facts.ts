import { numberAt, objectAt, stringAt } from '../../../json.ts'
import { pushedTag, type RunContext } from '../../../run-context.ts'

/** What rules and templates know of a run. Names are as git has them, not yet fit for a tag. */
export interface TagFacts {
  readonly eventName: string
  /** 40 hex digits: of a pull request its head. */
  readonly commit: string
  /** Undefined on tags, pull requests and in a merge queue, whose branches nobody made. */
  readonly branch: string | undefined
  readonly tag: string | undefined
  readonly pullRequest: number | undefined
  /** The branch that a pull request or a merge queue aims at, or that a pushed tag was made on. */
  readonly baseRef: string | undefined
  readonly defaultBranch: string | undefined
  readonly isDefaultBranch: boolean
  readonly committedAt: Date | undefined
  readonly now: Date
}

// GitHub runs these on the default branch, whatever their payload says (docs: events that trigger workflows).
const defaultBranchEvents = new Set(['schedule', 'discussion', 'issues'])

export function tagFactsOf(context: RunContext, now: Date): TagFacts {
  const { event, eventName } = context
  const branch =
    eventName === 'merge_group' ? undefined : /^refs\/heads\/(.+)$/.exec(context.ref)?.[1]
  const release = eventName === 'release' ? objectAt(event, 'release') : {}
  const pullRequest = objectAt(event, 'pull_request')
  const defaultBranch = stringAt(objectAt(event, 'repository'), 'default_branch')
  return {
    eventName,
    commit: commitOf(context),
    // On pull_request_target the ref is the branch aimed at; what runs is about the pull request.
    branch: eventName === 'pull_request_target' ? undefined : branch,
    tag: pushedTag(context) ?? stringAt(release, 'tag_name'),
    pullRequest: numberAt(pullRequest, 'number') ?? numberOfRef(context.ref),
    baseRef: baseRefOf(context),
    defaultBranch,
    isDefaultBranch:
      defaultBranchEvents.has(eventName) || (branch !== undefined && branch === defaultBranch),
    committedAt: dateOf(stringAt(objectAt(event, 'head_commit'), 'timestamp')),
    now,
  }
}

/**
 * The commit that a run is about. A pull request runs on a merge commit that nobody will find
 * again; its head is what is meant.
 */
export function commitOf(context: RunContext): string {
  if (context.eventName !== 'pull_request') return context.sha
  return stringAt(objectAt(objectAt(context.event, 'pull_request'), 'head'), 'sha') ?? context.sha
}

function numberOfRef(ref: string): number | undefined {
  const number = /^refs\/pull\/(\d+)\/merge$/.exec(ref)?.[1]
  return number === undefined ? undefined : Number(number)
}

function baseRefOf({ event }: RunContext): string | undefined {
  const base =
    stringAt(objectAt(objectAt(event, 'pull_request'), 'base'), 'ref') ??
    stringAt(objectAt(event, 'merge_group'), 'base_ref') ??
    stringAt(event, 'base_ref')
  return base?.replace(/^refs\/heads\//, '')
}

function dateOf(text = ''): Date | undefined {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? undefined : date
}
