import { parsePolicy, type Policy } from '../../iam/policy/document.ts'
import type { JsonObject } from '../../wire/service.ts'
import type { Manifest } from './manifest.ts'
import { isImmutable, type TagMutability } from './mutability.ts'

/** What CreateRepository may say about a repository. */
export interface RepositorySettings {
  readonly tagMutability: TagMutability
  /** Wildcard filters of the tags that are exempt from `tagMutability`. */
  readonly exclusionFilters: readonly string[]
  readonly scanOnPush: boolean
  /** As given: `{ encryptionType: 'AES256' }`. */
  readonly encryption: JsonObject
  readonly resourceTags: readonly JsonObject[]
  /** Text of the lifecycle policy, as it came. */
  readonly lifecyclePolicy?: string | undefined
  /** Text of the repository policy, as it came. */
  readonly repositoryPolicy?: string | undefined
}

export const DEFAULT_SETTINGS: RepositorySettings = {
  tagMutability: 'MUTABLE',
  exclusionFilters: [],
  scanOnPush: false,
  encryption: { encryptionType: 'AES256' },
  resourceTags: [],
}

/** A manifest in a repository. */
export interface StoredImage {
  readonly manifest: Manifest
  /** Simulator's time in milliseconds. */
  readonly pushedAtMs: number
  lastPulledAtMs?: number
  archivedAtMs?: number
  /** When an archived image is active again. */
  activeAtMs?: number
  /** How far it has got in other regions. */
  replications?: readonly Replication[]
}

/** A copy of an image in another region, as DescribeImageReplicationStatus tells it. */
export interface Replication {
  readonly region: string
  readonly registryId: string
  readonly status: 'IN_PROGRESS' | 'COMPLETE' | 'FAILED'
}

/** One repository: which blobs, manifests and tags it holds. Rules are not checked here. */
export class Repository {
  readonly name: string
  readonly createdAtMs: number
  settings: RepositorySettings
  readonly blobs = new Set<string>()
  readonly #images = new Map<string, StoredImage>()
  readonly #tags = new Map<string, string>()

  constructor(name: string, createdAtMs: number, settings: RepositorySettings) {
    this.name = name
    this.createdAtMs = createdAtMs
    this.settings = settings
  }

  /** The repository policy, read. */
  get policy(): Policy | undefined {
    const text = this.settings.repositoryPolicy
    return text === undefined ? undefined : parsePolicy(text, 'resource')
  }

  /** Every image, oldest push first. */
  get images(): readonly StoredImage[] {
    return [...this.#images.values()]
  }

  /** Tags in alphabetical order, with the digests they name. */
  get tags(): ReadonlyMap<string, string> {
    return new Map([...this.#tags].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The image with a digest or a tag. */
  find(reference: string): StoredImage | undefined {
    return this.#images.get(this.#tags.get(reference) ?? reference)
  }

  digestOfTag(tag: string): string | undefined {
    return this.#tags.get(tag)
  }

  tagsOf(digest: string): readonly string[] {
    return [...this.tags].flatMap(([tag, named]) => (named === digest ? [tag] : []))
  }

  isImmutable(tag: string): boolean {
    return isImmutable(tag, this.settings.tagMutability, this.settings.exclusionFilters)
  }

  /** Adds the manifest unless it is there, and names it. */
  put(manifest: Manifest, tag: string | undefined, nowMs: number): void {
    if (!this.#images.has(manifest.digest)) {
      this.#images.set(manifest.digest, { manifest, pushedAtMs: nowMs })
    }
    if (tag !== undefined) this.#tags.set(tag, manifest.digest)
  }

  removeTag(tag: string): void {
    this.#tags.delete(tag)
  }

  /** Removes an image and all its tags, as a lifecycle policy would. */
  removeImage(digest: string): void {
    for (const tag of this.tagsOf(digest)) this.#tags.delete(tag)
    this.#images.delete(digest)
  }

  /** Images and artifacts that refer to `digest` as their subject. */
  referrersOf(digest: string): readonly StoredImage[] {
    return this.images.filter(({ manifest }) => manifest.subject?.digest === digest)
  }

  /** Indexes that list `digest`. */
  parentsOf(digest: string): readonly StoredImage[] {
    return this.images.filter(({ manifest }) =>
      manifest.manifests.some((child) => child.digest === digest),
    )
  }

  /** Compressed bytes: configuration and layers; of an index its largest image. */
  sizeOf({ config, layers, manifests }: Manifest): number {
    if (config !== undefined) return [config, ...layers].reduce((sum, { size }) => sum + size, 0)
    const sizes = manifests.map(({ digest }) => this.#images.get(digest)?.manifest)
    return Math.max(0, ...sizes.map((child) => (child === undefined ? 0 : this.sizeOf(child))))
  }
}
