import { imageUri, type PushedImage } from '../../core/image/image.ts'
import type { ImagePlan } from '../../core/plan/image/image-plan.ts'
import type { Report } from '../../ports/report.ts'

/** What is in registries by now: for the outputs, and for the word that a failed run leaves. */
export class Stock {
  readonly #images = new Map<string, PushedImage>()
  /** By bake target. */
  readonly #targets = new Map<string, PushedImage>()
  readonly #several: boolean
  readonly #report: Pick<Report, 'record'>

  constructor(plans: readonly ImagePlan[], report: Pick<Report, 'record'>) {
    this.#several = plans.length > 1
    this.#report = report
  }

  /** A copy, which the outputs do not tell by itself. */
  put(image: PushedImage): PushedImage {
    this.#images.set(imageUri(image), image)
    return image
  }

  /** The image of a plan. With several there is none that outputs of one image could mean. */
  tell(plan: ImagePlan, image: PushedImage): void {
    this.put(image)
    if (plan.kind === 'bake') {
      this.#targets.set(plan.target, image)
      this.#report.record({ images: new Map(this.#targets) })
    }
    if (!this.#several) this.#report.record({ image })
  }

  get lines(): readonly string[] {
    return [...this.#images].map(([uri, { tags }]) =>
      tags.length === 0 ? `${uri}, without a tag` : `${uri}, tagged ${tags.join(', ')}`,
    )
  }
}
