import type { Digest } from '../../core/image/digest.ts'
import { imageUri, type PushedImage } from '../../core/image/image.ts'
import type { ImagePlan } from '../../core/plan/image/image-plan.ts'
import type { Report } from '../../ports/report.ts'

/** What this run put into registries: for the outputs, and for the word that a failed run leaves. */
export class Stock {
  /** The tags that this run wrote, by image; an image that it made has an entry also without one. */
  readonly #written = new Map<string, readonly string[]>()
  /** What is pushed and not read back yet, by image. */
  readonly #unread = new Map<string, readonly string[]>()
  /** By bake target. */
  readonly #targets = new Map<string, PushedImage>()
  readonly #several: boolean
  readonly #report: Pick<Report, 'record'>

  constructor(plans: readonly ImagePlan[], report: Pick<Report, 'record'>) {
    this.#several = plans.length > 1
    this.#report = report
  }

  /** What the builder says it pushed for a plan; {@link tell} takes its place once it is read back. */
  pushed({ repository, identityTags, version }: ImagePlan, digest: Digest): void {
    const pushed = { repository, digest, tags: identityTags.slice(0, 1), version }
    this.#unread.set(imageUri(pushed), pushed.tags)
    if (!this.#several) this.#report.record({ pushed })
  }

  /**
   * A copy, which the outputs do not tell by itself.
   * @param written The tags that were written since the last word of it.
   */
  put(image: PushedImage, written: readonly string[]): void {
    if (image.reused && written.length === 0) return
    const uri = imageUri(image)
    this.#unread.delete(uri)
    this.#written.set(uri, [...(this.#written.get(uri) ?? []), ...written])
  }

  /** The image of a plan. With several there is none that outputs of one image could mean. */
  tell(plan: ImagePlan, image: PushedImage, written: readonly string[]): void {
    this.put(image, written)
    if (plan.kind === 'bake') {
      this.#targets.set(plan.target, image)
      this.#report.record({ images: new Map(this.#targets) })
    }
    if (!this.#several) this.#report.record({ image })
  }

  /** Images that were there before are told by the tags that they gained, or not at all. */
  get lines(): readonly string[] {
    const read = [...this.#written].map(([uri, tags]) => `${uri}, ${namesOf(tags)}`)
    const unread = [...this.#unread].map(([uri, tags]) => `${uri}, ${namesOf(tags)}, not read back`)
    return [...read, ...unread]
  }
}

function namesOf(tags: readonly string[]): string {
  return tags.length === 0 ? 'without a tag' : `tagged ${tags.join(', ')}`
}
