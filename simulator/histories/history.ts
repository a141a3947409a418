/**
 * One rollout as plain data: a service, what its new tasks do, what happens to it meanwhile, and
 * how somebody watches it. Moments are milliseconds after UpdateService.
 */
export interface History {
  readonly service: ServiceSetup
  readonly tasks: NewTasks
  /** In order of time. */
  readonly disturbances: readonly Disturbance[]
  readonly reads: Reads
  readonly run: Run
}

export interface ServiceSetup {
  readonly desiredCount: number
  readonly minimumHealthyPercent: number
  readonly maximumPercent: number
  /** Undefined: no circuit breaker. */
  readonly breaker: Breaker | undefined
  /** Undefined: no deployment alarm. */
  readonly alarms: Alarms | undefined
  /** Undefined: all tasks have to be healthy. The old ones are always waited for (BLOCKING). */
  readonly earlySuccess: { readonly healthyPercent: number } | undefined
  /** The container has a health check. */
  readonly healthCheck: boolean
  readonly loadBalancer: LoadBalancer | undefined
  /** Undefined: a rolling deployment. */
  readonly staged: Staged | undefined
  /** What ran before: a deployment that completed, or a first one that never did. */
  readonly predecessor: 'completed' | 'none'
}

export interface Breaker {
  readonly rollback: boolean
  readonly resetOnHealthyTask: boolean
  readonly threshold: {
    readonly type: 'COUNT' | 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT'
    readonly value: number
  }
}

export interface Alarms {
  readonly rollback: boolean
  /** 0: ECS chooses how long it bakes. */
  readonly bakeTimeMinutes: number
  /** In ALARM before UpdateService, and from then on: ECS watches none of them. */
  readonly inAlarmBefore: boolean
}

/** A deployment that brings all its tasks up beside the old ones, and then moves the traffic. */
export interface Staged {
  readonly strategy: 'BLUE_GREEN' | 'LINEAR' | 'CANARY'
  readonly bakeTimeMinutes: number
  /** How the traffic moves, of LINEAR and CANARY alone. */
  readonly step: { readonly percent: number; readonly bakeTimeMinutes: number }
  /** One a stage at most. */
  readonly hooks: readonly Hook[]
}

export type HookStage =
  | 'PRE_SCALE_UP'
  | 'POST_SCALE_UP'
  | 'TEST_TRAFFIC_SHIFT'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRE_PRODUCTION_TRAFFIC_SHIFT'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_PRODUCTION_TRAFFIC_SHIFT'

export type HookAction = 'CONTINUE' | 'ROLLBACK'

export type Hook = { readonly stage: HookStage } & (
  | {
      readonly kind: 'lambda'
      /** How often it answers IN_PROGRESS before that. */
      readonly waits: number
      readonly result: 'SUCCEEDED' | 'FAILED'
    }
  | {
      readonly kind: 'pause'
      /** An operator's answer, so long after the pause began; undefined: none. */
      readonly answer: { readonly afterMs: number; readonly action: HookAction } | undefined
      /** Undefined: a day, and then ROLLBACK. */
      readonly timeout: { readonly minutes: number; readonly action: HookAction } | undefined
    }
)

export interface LoadBalancer {
  /** From RUNNING to the first good answer to its check. */
  readonly healthyAfterMs: number
  readonly deregistrationDelayMs: number
}

/** What the tasks of the new deployment do, in the order in which ECS starts them. */
export interface NewTasks {
  readonly first: readonly NewTask[]
  /** All that come after those. */
  readonly then: NewTask
}

/** A task takes `startsAfterMs` from its start to RUNNING, or to the failure to get there. */
export type NewTask = { readonly startsAfterMs: number } & (
  | { readonly kind: 'healthy'; readonly healthyAfterMs: number }
  /** Its essential container ends `afterMs` after RUNNING; it was never healthy until then. */
  | { readonly kind: 'crashes'; readonly afterMs: number; readonly exitCode: number }
  /** Its own health check fails; only with a health check. */
  | { readonly kind: 'unhealthy'; readonly afterMs: number }
  /** The load balancer's check fails; only behind a load balancer. */
  | { readonly kind: 'refused-by-load-balancer' }
  /** The image cannot be pulled, and no retry helps. */
  | { readonly kind: 'unpullable' }
  /** The image could not be pulled this time. */
  | { readonly kind: 'pull-trouble' }
  /** PENDING for ever. */
  | { readonly kind: 'never-starts' }
)

export type Disturbance = { readonly atMs: number } & (
  | { readonly kind: 'supersede' }
  /** StopServiceDeployment on the new deployment, by an operator. */
  | { readonly kind: 'stop-deployment' }
  | {
      readonly kind: 'scale'
      readonly desiredCount: number
      /** UpdateService, or Application Auto Scaling. */
      readonly by: 'operator' | 'auto-scaling'
    }
  /** StopTask on a task of the service, by an operator; `pick` chooses which. */
  | { readonly kind: 'stop-task'; readonly pick: number }
  /** Fargate Spot takes the oldest running tasks back. */
  | { readonly kind: 'interrupt-spot'; readonly tasks: number }
  /** No task finds a place for `forMs`. */
  | { readonly kind: 'lose-capacity'; readonly forMs: number; readonly failure: CapacityFailure }
  /** Availability Zone rebalancing moves one task; none where none is healthy. */
  | { readonly kind: 'rebalance' }
  /** The load balancer finds the oldest running tasks unhealthy; only behind a load balancer. */
  | { readonly kind: 'fail-targets'; readonly tasks: number }
  /** An alarm goes into ALARM: the deployment's, or one that is none of its business. */
  | { readonly kind: 'alarm'; readonly watched: boolean }
  /** RunTask of the old definition: a task of the family that is none of the service. */
  | { readonly kind: 'run-task' }
  /** UpdateService that changes nothing. */
  | { readonly kind: 'touch' }
)

export type CapacityFailure = 'fargate-capacity' | 'container-instances' | 'vcpu-limit'

/** What keeps a watcher from seeing things as they are. */
export interface Reads {
  /** ListServiceDeployments does not know a younger deployment. */
  readonly listLagMs: number
  /** `currentServiceDeployment` names the one before for so long. */
  readonly currentLagMs: number
  /** Which calls fail, by their number among all reads of the watch; and how. */
  readonly failing: readonly { readonly call: number; readonly how: ReadFailure }[]
  /** From here on the credentials are gone. */
  readonly blindFromMs: number | undefined
}

export type ReadFailure = 'throttled' | 'reset' | 'server-error'

/** The one who deploys and watches. */
export interface Run {
  readonly deadlineMs: number
  /** How many crashes end the watch where no circuit breaker judges; 0: none. */
  readonly maxTaskFailures: number
  readonly cancelAtMs: number | undefined
  /** The answer to UpdateService is lost after ECS took it. */
  readonly updateAnswerLost: boolean
  /** What is done about a pause; the operator answers where the run waits. */
  readonly onPause: 'wait' | 'return' | 'continue' | 'rollback'
  /** What is done about a deployment that fails, or is late. */
  readonly onFailure: 'leave' | 'rollback'
  readonly onTimeout: 'leave' | 'rollback'
}
