import type { Clock } from '../../clock/clock.ts'
import type { Place } from '../../iam/place.ts'
import { ServiceError } from '../../wire/service.ts'
import type { BlobStore } from './blob-store.ts'
import { templateForPush, type CreationTemplate } from './creation-template.ts'
import { isDigest } from './digest.ts'
import type { Manifest } from './manifest.ts'
import { invalidParameter, repositoryNotFound } from './refusals.ts'
import { DEFAULT_SETTINGS, Repository, type RepositorySettings } from './repository.ts'
import { Scans } from './scans.ts'
import { Upload } from './upload.ts'

/** ECR's own expression, as its refusal quotes it. */
const NAME_SOURCE = String.raw`[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`
const NAME = new RegExp(`^${NAME_SOURCE}$`)
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/

/** Whether a manifest can be asked for by `reference` at all. */
export function isReference(reference: string): boolean {
  return isDigest(reference) || TAG.test(reference)
}

const REPOSITORY_ARN = /^arn:aws:ecr:([^:]+):(\d+):repository\/(.+)$/

function hostOf({ accountId, region }: Place): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com`
}

/** The registries of one simulator by host. */
class Peers {
  readonly #registries = new Map<string, Registry>()

  add(registry: Registry): void {
    this.#registries.set(registry.host, registry)
  }

  find(host: string): Registry | undefined {
    return this.#registries.get(host)
  }

  get all(): readonly Registry[] {
    return [...this.#registries.values()]
  }
}

/** One account's private registry in one region. */
export class Registry {
  readonly clock: Clock
  readonly place: Place
  readonly blobs: BlobStore
  readonly templates: CreationTemplate[] = []
  readonly scans: Scans
  /** Account setting BLOB_MOUNTING: whether a blob of another repository can be mounted. */
  blobMounting = false
  /** The host in `repositoryUri`: AWS's, unless no name leads from there to the front. */
  publishedHost: string
  readonly #peers: Peers
  readonly #repositories = new Map<string, Repository>()
  readonly #uploads = new Map<string, Upload>()

  /** @param peers The registries of other accounts and regions beside this one. */
  constructor(clock: Clock, place: Place, blobs: BlobStore, peers = new Peers()) {
    this.clock = clock
    this.place = place
    this.blobs = blobs
    this.scans = new Scans(clock)
    this.publishedHost = this.host
    this.#peers = peers
    peers.add(this)
  }

  /** The registry of another account or region, made when first asked for; blobs are kept together. */
  at(place: Place): Registry {
    return (
      this.#peers.find(hostOf(place)) ?? new Registry(this.clock, place, this.blobs, this.#peers)
    )
  }

  /** The registry that a `Host` header names, if there is one. */
  atHost(host: string | undefined): Registry | undefined {
    return this.#peers.find(host ?? '')
  }

  /**
   * The repository policy at an ARN, in whichever registry; undefined where there is no repository.
   * `repository/*` stands for a whole registry, which has no policy.
   */
  policyAt(arn: string): Pick<Repository, 'policy'> | undefined {
    const [, region = '', accountId = '', name = ''] = REPOSITORY_ARN.exec(arn) ?? []
    if (name === '*') return { policy: undefined }
    return this.#peers.find(hostOf({ accountId, region }))?.find(name)
  }

  get id(): string {
    return this.place.accountId
  }

  /** The host that AWS would give it: `123456789012.dkr.ecr.us-east-1.amazonaws.com`. */
  get host(): string {
    return hostOf(this.place)
  }

  /** In alphabetical order. */
  get repositories(): readonly Repository[] {
    return [...this.#repositories.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  find(name: string): Repository | undefined {
    return this.#repositories.get(name)
  }

  /** Throws RepositoryNotFoundException. */
  repository(name: string): Repository {
    const repository = this.#repositories.get(name)
    if (repository === undefined) throw repositoryNotFound(name, this.id)
    return repository
  }

  create(name: string, settings: Partial<RepositorySettings> = {}): Repository {
    if (name.length < 2 || name.length > 256 || !NAME.test(name)) {
      throw invalidParameter('repositoryName', `must satisfy regular expression '${NAME_SOURCE}'`)
    }
    if (this.#repositories.has(name)) {
      throw new ServiceError(
        'RepositoryAlreadyExistsException',
        `The repository with name '${name}' already exists in the registry with id '${this.id}'`,
      )
    }
    const repository = new Repository(name, this.clock.now(), { ...DEFAULT_SETTINGS, ...settings })
    this.#repositories.set(name, repository)
    return repository
  }

  remove(name: string): void {
    this.#repositories.delete(name)
  }

  /** The repository that a push goes to: made by a CREATE_ON_PUSH template if one covers it. */
  repositoryForPush(name: string): Repository {
    const existing = this.find(name)
    if (existing !== undefined) return existing
    const template = templateForPush(this.templates, name)
    if (template === undefined) throw repositoryNotFound(name, this.id)
    return this.create(name, template.settings)
  }

  /** Keeps a manifest that was checked; a scan on push begins. */
  async put(repository: Repository, manifest: Manifest, tag: string | undefined): Promise<void> {
    const { blobs } = this
    // Without such a store there is no moment between ECR's rules and the tag.
    if (blobs.keepManifest !== undefined) {
      await blobs.keepManifest(`${this.host}/${repository.name}`, manifest, tag)
    }
    const isNew = repository.find(manifest.digest) === undefined
    repository.put(manifest, tag, this.clock.now())
    if (isNew) this.scans.pushed(repository, manifest)
  }

  async beginUpload(repository: Repository): Promise<Upload> {
    const upload = await Upload.begin(repository.name, this.blobs)
    this.#uploads.set(upload.id, upload)
    return upload
  }

  upload(repositoryName: string, id: string): Upload | undefined {
    const upload = this.#uploads.get(id)
    return upload?.repositoryName === repositoryName ? upload : undefined
  }

  /** Makes the upload's bytes a blob of the repository. */
  async finishUpload(upload: Upload): Promise<void> {
    const { digest } = upload
    this.#uploads.delete(upload.id)
    if (this.blobs.size(digest) === undefined) await upload.finish()
    else await upload.cancel()
    this.repository(upload.repositoryName).blobs.add(digest)
  }

  async cancelUpload(upload: Upload): Promise<void> {
    this.#uploads.delete(upload.id)
    await upload.cancel()
  }

  /** Gives up every registry's uploads and the blobs that they share. */
  async close(): Promise<void> {
    for (const registry of this.#peers.all) await registry.#cancelUploads()
    await this.blobs.close()
  }

  async #cancelUploads(): Promise<void> {
    for (const upload of [...this.#uploads.values()]) await this.cancelUpload(upload)
  }
}
