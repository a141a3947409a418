import type { PushedImage } from '../image/image.ts'
import type { ServiceOutcome } from '../rollout/service-outcome.ts'

/** Facts of the run, told as soon as they are known, so that every way out can write them. */
export interface RunFacts {
  readonly callerArn?: string
  readonly region?: string
  /** The pushed or found image, as read back. */
  readonly image?: PushedImage
  /** Known before read-back, for runs that end in between. */
  readonly digest?: string
  readonly version?: string
  /** The metadata that buildx wrote, as JSON. */
  readonly metadata?: string
  /** Path of the rendered task definition file. */
  readonly renderedTaskDefinition?: string
  readonly taskDefinitionArn?: string
  readonly previousTaskDefinitionArn?: string
  readonly serviceArn?: string
  /** Whether an UpdateService of this run may have changed a service. */
  readonly updated?: boolean
  readonly deploymentId?: string
  readonly deploymentArn?: string
  readonly services?: readonly ServiceOutcome[]
  /** What goes on in AWS when this run is over. */
  readonly ongoing?: readonly string[]
}

/** The phases whose times are told. */
export const phases = [
  'authenticate',
  'preflight',
  'login',
  'builder',
  'build',
  'verify',
  'tag',
  'register',
  'update',
  'rollout',
  'diagnose',
] as const
export type Phase = (typeof phases)[number]

/** Seconds spent in each phase that was entered. */
export type Timings = Readonly<Partial<Record<Phase, number>>>
