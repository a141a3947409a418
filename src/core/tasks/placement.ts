import { objectsAt, stringAt, type JsonObject } from '../json.ts'

/** Why ECS did not place a task although it took the call. */
export interface PlacementFailure {
  /** ECS's own words: `RESOURCE:MEMORY`, `AGENT`, `Capacity is unavailable at this time…` */
  readonly reason: string
  /** In our words, without a full stop. */
  readonly sentence: string
  readonly remedy: string
  /** Whether room may come by itself: the task is asked for again. */
  readonly passing: boolean
}

interface KnownReason extends Omit<PlacementFailure, 'reason'> {
  readonly pattern: RegExp
}

/** Amazon ECS developer guide, "API failures messages", and service event messages. */
const known: readonly KnownReason[] = [
  {
    pattern: /^RESOURCE:|unable to place a task|insufficient (CPU|memory)/i,
    sentence: 'no container instance of the cluster has room for the task',
    remedy: 'Add instances or a capacity provider that scales, or run the task on Fargate.',
    passing: true,
  },
  {
    pattern: /^AGENT$/,
    sentence: 'the ECS agents of the container instances are not connected',
    remedy: 'Look at the container instances: agent, network and instance role.',
    passing: true,
  },
  {
    pattern: /capacity is unavailable/i,
    sentence: 'AWS has no capacity in these availability zones now',
    remedy: 'Try again, or give subnets in more availability zones.',
    passing: true,
  },
  {
    pattern: /limit on the number of (tasks|vCPUs)/i,
    sentence: "the account's quota of tasks or vCPUs is used up",
    remedy: 'Ask for a higher quota of AWS Fargate in Service Quotas.',
    passing: false,
  },
  {
    pattern: /^ATTRIBUTE|^LOCATION|^MemberOf/i,
    sentence: 'no container instance has what the task definition requires',
    remedy: 'Compare placementConstraints and requiresAttributes with the container instances.',
    passing: false,
  },
  {
    pattern: /^(INACTIVE|MISSING|NO ACTIVE INSTANCES|EMPTY CAPACITY PROVIDER)$/i,
    sentence: 'the cluster has no active container instance',
    remedy: 'Register container instances, or run the task on Fargate (`run-task-launch-type`).',
    passing: false,
  },
]

/** Explains one of ECS's reasons; an unknown one is told as it is and not tried again. */
export function explainPlacement(reason: string): PlacementFailure {
  const found = known.find(({ pattern }) => pattern.test(reason))
  return {
    reason,
    sentence: found?.sentence ?? 'ECS did not place the task',
    remedy: found?.remedy ?? 'See the reason that ECS gives.',
    passing: found?.passing ?? false,
  }
}

/** The first of RunTask's `failures`. @returns undefined where there are none. */
export function readPlacementFailure(answer: JsonObject): PlacementFailure | undefined {
  const [failure] = objectsAt(answer, 'failures')
  if (failure === undefined) return undefined
  const [reason, detail] = [stringAt(failure, 'reason'), stringAt(failure, 'detail')]
  const explained = explainPlacement(reason ?? detail ?? 'no reason given')
  return detail === undefined || reason === undefined
    ? explained
    : { ...explained, reason: `${reason}: ${detail}` }
}
