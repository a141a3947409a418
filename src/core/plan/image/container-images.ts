import { imageUri, type PushedImage } from '../../image/image.ts'
import type { DefinitionPlan } from '../service/service-plan.ts'

/**
 * The references that the containers of a plan get, by container name.
 * @param image Undefined: none of them gets another.
 */
export function containerImages(
  { containerNames, pullFrom }: Pick<DefinitionPlan, 'containerNames' | 'pullFrom'>,
  image: PushedImage | undefined,
): ReadonlyMap<string, string> {
  if (image === undefined) return new Map()
  const { digest } = image
  return new Map(
    containerNames.map((name) => {
      const repository = pullFrom?.get(name) ?? image.repository
      return [name, imageUri({ repository, digest })]
    }),
  )
}
