import {
  booleanAt,
  numberAt,
  objectAt,
  objectsAt,
  stringAt,
  type JsonObject,
} from '../../../json.ts'
import { pushedTag, type RunContext } from '../../../run-context.ts'
import { commitOf, isOfRun, type HeadCommit } from '../run-commit.ts'

/** What rules and templates know of a run. Names are as git has them, not yet fit for a tag. */
export interface TagFacts {
  readonly eventName: string
  /** 40 hex digits: of a pull request its head. */
  readonly commit: string
  /** Its first digits. */
  readonly shortCommit: string
  /** Undefined on tags, pull requests and in a merge queue, whose branches nobody made. */
  readonly branch: string | undefined
  readonly tag: string | undefined
  readonly pullRequest: number | undefined
  /** The branch that a pull request or a merge queue aims at, or that a pushed tag was made on. */
  readonly baseRef: string | undefined
  readonly defaultBranch: string | undefined
  readonly isDefaultBranch: boolean
  /** Whether the run is of a release that GitHub calls a prerelease, whatever its tag says. */
  readonly isMarkedPrerelease: boolean
  readonly committedAt: Date | undefined
  readonly now: Date
}

// GitHub runs these on the default branch, whatever their payload says (docs: events that trigger workflows).
const defaultBranchEvents = new Set(['schedule', 'discussion', 'issues'])

/** What the payload does not tell, or the user wants otherwise. */
export interface FurtherFacts {
  /** What is built; undefined where that is not known or not needed. */
  readonly head?: HeadCommit | undefined
  /** Digits of {@link TagFacts.shortCommit}; 7 unless given. */
  readonly shortShaLength?: number | undefined
}

export function tagFactsOf(
  context: RunContext,
  now: Date,
  { head, shortShaLength = 7 }: FurtherFacts = {},
): TagFacts {
  const { event, eventName } = context
  const subject = subjectOf(context, head?.id)
  const release = eventName === 'release' ? objectAt(event, 'release') : {}
  const isOnDefaultBranch = defaultBranchEvents.has(eventName)
  const defaultBranch =
    stringAt(objectAt(event, 'repository'), 'default_branch') ??
    (isOnDefaultBranch ? subject.branch : undefined)
  const commit = commitOf(context, head?.id)
  return {
    eventName,
    commit,
    shortCommit: commit.slice(0, shortShaLength),
    branch: subject.branch,
    tag: pushedTag(context) ?? stringAt(release, 'tag_name'),
    pullRequest: subject.pullRequest,
    baseRef: baseRefOf(context),
    defaultBranch,
    isDefaultBranch:
      isOnDefaultBranch || (subject.branch !== undefined && subject.branch === defaultBranch),
    isMarkedPrerelease: booleanAt(release, 'prerelease') === true,
    committedAt: dateOf(stringAt(objectAt(event, 'head_commit'), 'timestamp')) ?? head?.committedAt,
    now,
  }
}

/** The branch or the pull request that a run is about. */
function subjectOf(
  context: RunContext,
  head: string | undefined,
): Pick<TagFacts, 'branch' | 'pullRequest'> {
  const { event, eventName, ref, sha } = context
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1]
  const pullRequest = numberAt(objectAt(event, 'pull_request'), 'number') ?? numberOfRef(ref)
  // On pull_request_target the ref is the branch aimed at; what runs is about the pull request.
  if (eventName === 'merge_group' || eventName === 'pull_request_target') {
    return { branch: undefined, pullRequest }
  }
  // The ref of a workflow_run is the default branch, whatever the run that it follows was of.
  if (eventName === 'workflow_run' && commitOf(context, head) !== sha) {
    const subject = subjectOfRun(objectAt(event, 'workflow_run'))
    // What the event does not tell may be anything: its image is none of the default branch.
    const isStrange = head !== undefined && !isOfRun(context, head)
    return isStrange && subject.branch === branch ? { ...subject, branch: undefined } : subject
  }
  return { branch, pullRequest }
}

function subjectOfRun(run: JsonObject): Pick<TagFacts, 'branch' | 'pullRequest'> {
  const [pullRequest = {}] = objectsAt(run, 'pull_requests')
  const isPullRequest = stringAt(run, 'event')?.startsWith('pull_request') === true
  return isPullRequest
    ? { branch: undefined, pullRequest: numberAt(pullRequest, 'number') }
    : { branch: stringAt(run, 'head_branch'), pullRequest: undefined }
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
