import type { LambdaAnswer } from './engine/lambda-answers.ts'

/** Which service: its name or ARN, and its cluster where a name alone does not say it. */
interface OnService {
  readonly service: string
  /** `default` when nothing is said, as in the API. */
  readonly cluster?: string
}

/** Why no task finds a place; each has its own service event. */
export type CapacityFailure = 'fargate-capacity' | 'container-instances' | 'vcpu-limit'

/** Application Auto Scaling changes the desired count. */
export interface Scale extends OnService {
  readonly kind: 'scale'
  readonly desiredCount: number
  /** What the event gives as the cause: `monitor alarm A in state ALARM triggered policy P`. */
  readonly cause?: string
}

/** Availability Zone rebalancing moves one healthy task to another zone. */
export interface Rebalance extends OnService {
  readonly kind: 'rebalance'
}

/** No task of the service is started for `forMs`, and its events say why. */
export interface LoseCapacity extends OnService {
  readonly kind: 'lose-capacity'
  readonly failure: CapacityFailure
  readonly forMs: number
}

/** Fargate Spot takes tasks back. */
export interface InterruptSpot extends OnService {
  readonly kind: 'interrupt-spot'
  /** How many of the oldest running tasks; 1 when nothing is said. */
  readonly tasks?: number
}

/** Somebody calls StopTask. */
export interface StopTasks extends OnService {
  readonly kind: 'stop-tasks'
  /** How many of the oldest running tasks; 1 when nothing is said. */
  readonly tasks?: number
  readonly reason?: string
}

/** The load balancer finds running tasks unhealthy. */
export interface FailTargets extends OnService {
  readonly kind: 'fail-targets'
  /** How many of the oldest running tasks; 1 when nothing is said. */
  readonly tasks?: number
  /** `Health checks failed with these codes: [502]`. */
  readonly reason: string
}

/** Somebody deletes the service, by force. */
export interface RemoveService extends OnService {
  readonly kind: 'delete-service'
}

/** ECS knows no record of the service's deployments so far any more, as when 90 days are over. */
export interface ForgetDeployments extends OnService {
  readonly kind: 'forget-deployments'
}

/** A CloudWatch alarm changes its state. An alarm that nobody set is OK. */
export interface SetAlarm {
  readonly kind: 'set-alarm'
  readonly alarm: string
  readonly state: 'OK' | 'ALARM'
}

/** What the Lambda function of a lifecycle hook answers from now on, one by one. */
export interface AnswerHook {
  readonly kind: 'answer-hook'
  readonly functionArn: string
  readonly answers: readonly LambdaAnswer[]
}

/** What may happen to an account that no API call of the client asked for. Plain data, as JSON. */
export type Disturbance =
  | Scale
  | Rebalance
  | LoseCapacity
  | InterruptSpot
  | StopTasks
  | FailTargets
  | RemoveService
  | ForgetDeployments
  | SetAlarm
  | AnswerHook
