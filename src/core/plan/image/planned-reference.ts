import type { Digest } from '../../image/digest.ts'
import type { PushedImage } from '../../image/image.ts'
import { repositoryUri, type Repository } from '../../image/repository/repository.ts'
import type { ImagePlan } from './image-plan.ts'
import type { DefinitionPlan } from '../service/service-plan.ts'

/** An image as it is known before anything is done: by its digest, or by a tag that it will get. */
export interface ExpectedImage {
  readonly repository: Repository
  readonly digest: Digest | undefined
  /** Undefined where it gets none. */
  readonly tag: string | undefined
  /** The bake target that it comes of, if it does. */
  readonly target: string | undefined
}

/** An image that the run makes, or has found. */
export function expectedImage(plan: ImagePlan): ExpectedImage {
  const { existing, repository, identityTags, movingTags } = plan
  const digest = existing?.digest ?? (plan.kind === 'merge' ? plan.index.digest : undefined)
  const target = plan.kind === 'bake' ? plan.target : undefined
  return { repository, digest, tag: identityTags[0] ?? movingTags[0], target }
}

/** An image that is there. */
export function knownImage({ repository, digest }: PushedImage): ExpectedImage {
  return { repository, digest, tag: undefined, target: undefined }
}

/** What a container would get. */
export interface PlannedReference {
  /** Valid in a task definition. */
  readonly reference: string
  /** Whether it is a tag, in place of the digest that only the build gives. */
  readonly pending: boolean
}

/**
 * The references that the containers of a plan would get, by container name. A container whose image
 * has neither digest nor tag keeps what it has.
 */
export function plannedReferences(
  { containerNames, pullFrom, targets }: DefinitionPlan,
  images: readonly ExpectedImage[],
): ReadonlyMap<string, PlannedReference> {
  const [first] = images
  return new Map(
    containerNames.flatMap((container) => {
      const target = targets?.get(container)
      const image = target === undefined ? first : images.find((each) => each.target === target)
      const name = image && nameOf(image)
      if (image === undefined || name === undefined) return []
      const uri = repositoryUri(pullFrom?.get(container) ?? image.repository)
      return [[container, { reference: `${uri}${name}`, pending: image.digest === undefined }]]
    }),
  )
}

function nameOf({ digest, tag }: ExpectedImage): string | undefined {
  if (digest !== undefined) return `@${digest}`
  return tag === undefined ? undefined : `:${tag}`
}
