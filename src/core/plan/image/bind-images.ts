import { imageUri, type PushedImage } from '../../image/image.ts'
import type { DefinitionPlan } from '../service/service-plan.ts'

/**
 * A plan whose containers get several images, with the digests that are known now.
 * @param images By bake target.
 */
export function bindImages<Planned extends DefinitionPlan>(
  plan: Planned,
  images: ReadonlyMap<string, PushedImage>,
): Planned {
  if (plan.targets === undefined) return plan
  const ownImages = new Map<string, PushedImage>()
  for (const [container, target] of plan.targets) {
    const image = images.get(target)
    if (image === undefined) throw new TypeError(`target ${target} has no image`)
    ownImages.set(container, image)
  }
  const references = [...ownImages].map(([container, { repository, digest }]) => {
    const pulled = plan.pullFrom?.get(container) ?? repository
    return [container, imageUri({ repository: pulled, digest })] as const
  })
  const { changes } = plan.planned
  const containerImages = new Map([...changes.containerImages, ...references])
  return {
    ...plan,
    ownImages,
    planned: { ...plan.planned, changes: { ...changes, containerImages } },
  }
}
