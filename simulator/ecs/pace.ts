/** How long ECS takes for what no API setting controls. All in milliseconds. */
export interface Pace {
  /** From a change to the scheduler's next look at the service. */
  readonly reviewMs: number
  /** RUNNING for so long counts as healthy when a task has neither a check nor a target group. */
  readonly settledAfterMs: number
  /** From RUNNING to the first good answer to a load balancer's check. */
  readonly targetHealthyAfterMs: number
  /** A target group's deregistration delay. */
  readonly deregistrationDelayMs: number
  /** How long an image that cannot be pulled is tried. */
  readonly pullRetriesMs: number
  /** A service deployment is PENDING for so long. */
  readonly deploymentStartsAfterMs: number
  /** No rollout or rollback is over sooner, however little there is to do. */
  readonly completesAfterMs: number
  /** STOP_REQUESTED and ROLLBACK_REQUESTED last so long. */
  readonly requestTakesMs: number
  /** How long a deployment with alarms bakes when `bakeTimeInMinutes` is 0. */
  readonly alarmBakeMs: number
  /** A shortage of capacity is told again after so long. */
  readonly placementRetryMs: number
  /** The shortest a stage of a blue/green deployment lasts. */
  readonly stageTakesMs: number
  /** How long traffic takes to shift. */
  readonly trafficShiftMs: number
  /** From DeleteTaskDefinitions to the end of a revision that nothing uses. */
  readonly deletionTakesMs: number
  /** DescribeServices answers what was true so long ago. */
  readonly describeLagMs: number
  /** ListServiceDeployments does not know a younger service deployment. */
  readonly listLagMs: number
  /** `currentServiceDeployment` still names the one before a younger service deployment. */
  readonly currentLagMs: number
}

export const defaultPace: Pace = {
  reviewMs: 1_000,
  settledAfterMs: 40_000,
  targetHealthyAfterMs: 10_000,
  deregistrationDelayMs: 300_000,
  pullRetriesMs: 5_000,
  deploymentStartsAfterMs: 1_000,
  completesAfterMs: 20_000,
  requestTakesMs: 2_000,
  alarmBakeMs: 300_000,
  placementRetryMs: 60_000,
  stageTakesMs: 1_000,
  trafficShiftMs: 5_000,
  deletionTakesMs: 60_000,
  describeLagMs: 0,
  listLagMs: 0,
  currentLagMs: 0,
}
