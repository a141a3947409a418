import type { PushedImage } from '../../image/image.ts'
import type { ImageTarget } from './planned-images.ts'

/** An image that is there, as services and definitions are planned with it. */
export function foundTarget(image: PushedImage, region: string): ImageTarget {
  return { ...image, platforms: image.platforms.map(({ platform }) => platform), region }
}
