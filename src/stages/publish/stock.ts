import { imageUri, type PushedImage } from '../../core/image/image.ts'
import type { ImagePlan } from '../../core/plan/image/image-plan.ts'
import type { Report } from '../../ports/report.ts'

/** What this run put into registries: for the outputs, and for the word that a failed run leaves. */
export class Stock {
  readonly #images = new Map<string, PushedImage>()
  /** Tags that images had which were there before. */
  readonly #before = new Map<string, readonly string[]>()
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
    const uri = imageUri(image)
    if (image.reused && !this.#before.has(uri)) this.#before.set(uri, image.tags)
    this.#images.set(uri, image)
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

  /** Images that were there before are told by the tags that they gained, or not at all. */
  get lines(): readonly string[] {
    return [...this.#images].flatMap(([uri, { reused, tags }]) => {
      const before = this.#before.get(uri) ?? []
      const put = tags.filter((tag) => !before.includes(tag))
      if (put.length > 0) return `${uri}, tagged ${put.join(', ')}`
      return reused ? [] : `${uri}, without a tag`
    })
  }
}
