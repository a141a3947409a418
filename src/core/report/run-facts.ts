import type { PushedImage } from '../image/image.ts'
import type { DefinitionDescription, PlanDescription } from '../plan/describe/plan-description.ts'
import type { ServiceOutcome } from '../rollout/evidence/service-outcome.ts'
import type { ImageReview } from './image-review.ts'

/** Facts of the run, told as soon as they are known, so that every way out can write them. */
export interface RunFacts {
  /** The pushed or found image, as read back. */
  readonly image?: PushedImage
  /** What the builder says it pushed, for runs that end before it is read back. */
  readonly pushed?: Pick<PushedImage, 'repository' | 'digest' | 'tags' | 'version'>
  /** The images of bake targets, by target; with several there is no {@link image}. */
  readonly images?: ReadonlyMap<string, PushedImage>
  /** What was measured and scanned of the images, as far as it was. */
  readonly reviews?: readonly ImageReview[]
  /** Known before read-back, for runs that end in between. */
  readonly digest?: string
  readonly version?: string
  /** The metadata that buildx wrote, as JSON; of bake the targets that this run pushed. */
  readonly metadata?: string
  /** With `dry-run: true`. */
  readonly plan?: PlanDescription
  /** What task definitions change that are registered, as far as they were by now. */
  readonly definitionChanges?: readonly DefinitionDescription[]
  /** Path of the rendered task definition file. */
  readonly renderedTaskDefinition?: string
  readonly taskDefinitionArn?: string
  readonly previousTaskDefinitionArn?: string
  readonly serviceArn?: string
  /** Whether an UpdateService of this run may have changed a service. */
  readonly updated?: boolean
  readonly deploymentId?: string
  readonly deploymentArn?: string
  readonly stage?: string | undefined
  readonly hookId?: string | undefined
  readonly services?: readonly ServiceOutcome[]
  /** The one-off task that ran beside the services, or alone. */
  readonly task?: TaskFacts
  /** What goes on in AWS when this run is over. */
  readonly ongoing?: readonly string[]
}

/** A one-off task, as far as it is known. */
export interface TaskFacts {
  readonly arn: string
  /** Of the container that decides; undefined while it is not known, or where it never ran. */
  readonly exitCode?: number
}

/** The phases whose times are told. */
export const phases = [
  'authenticate',
  'preflight',
  'create',
  'login',
  'builder',
  'build',
  'merge',
  'verify',
  'copy',
  'scan',
  'tag',
  'register',
  'task',
  'update',
  'rollout',
  'diagnose',
  'clean-up',
] as const
export type Phase = (typeof phases)[number]

/** Seconds that passed in each phase that was entered: side by side they count once. */
export type Timings = Readonly<Partial<Record<Phase, number>>>
