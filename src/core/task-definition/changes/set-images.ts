import type { JsonObject } from '../../json.ts'
import { changeContainers } from './change-containers.ts'

/** The definition with these images. @param images Container name to image reference. */
export function setImages(definition: JsonObject, images: ReadonlyMap<string, string>): JsonObject {
  return changeContainers(definition, new Set(images.keys()), (container, name) => ({
    ...container,
    image: images.get(name),
  }))
}
