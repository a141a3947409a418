import type { Clock } from '../../clock/clock.ts'
import type { Place } from '../../iam/resource.ts'
import { ServiceError } from '../../wire/service.ts'
import type { BlobStore } from './blob-store.ts'
import { isDigest } from './digest.ts'
import { invalidParameter, repositoryNotFound } from './refusals.ts'
import { DEFAULT_SETTINGS, Repository, type RepositorySettings } from './repository.ts'
import { Upload } from './upload.ts'

/** A template that lets a push create the repository. */
export interface CreationTemplate {
  /** Repositories `<prefix>/…`; `ROOT` covers all that no other template covers. */
  readonly prefix: string
  readonly appliedFor: readonly ('PULL_THROUGH_CACHE' | 'REPLICATION' | 'CREATE_ON_PUSH')[]
  readonly settings?: Partial<RepositorySettings>
}

/** ECR's own expression, as its refusal quotes it. */
const NAME_SOURCE = String.raw`[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`
const NAME = new RegExp(`^${NAME_SOURCE}$`)
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/

/** Whether a manifest can be asked for by `reference` at all. */
export function isReference(reference: string): boolean {
  return isDigest(reference) || TAG.test(reference)
}

/** One account's private registry in one region. */
export class Registry {
  readonly clock: Clock
  readonly place: Place
  readonly blobs: BlobStore
  readonly templates: CreationTemplate[] = []
  /** Account setting BLOB_MOUNTING: whether a blob of another repository can be mounted. */
  blobMounting = false
  /** The host in `repositoryUri`: AWS's, unless no name leads from there to the front. */
  publishedHost: string
  readonly #repositories = new Map<string, Repository>()
  readonly #uploads = new Map<string, Upload>()

  constructor(clock: Clock, place: Place, blobs: BlobStore) {
    this.clock = clock
    this.place = place
    this.blobs = blobs
    this.publishedHost = this.host
  }

  get id(): string {
    return this.place.accountId
  }

  /** The host that AWS would give it: `123456789012.dkr.ecr.us-east-1.amazonaws.com`. */
  get host(): string {
    return `${this.place.accountId}.dkr.ecr.${this.place.region}.amazonaws.com`
  }

  /** In alphabetical order. */
  get repositories(): readonly Repository[] {
    return [...this.#repositories.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  find(name: string): Repository | undefined {
    return this.#repositories.get(name)
  }

  /** Throws RepositoryNotFoundException. */
  repository(name: string, registryId: string = this.id): Repository {
    const repository = registryId === this.id ? this.#repositories.get(name) : undefined
    if (repository === undefined) throw repositoryNotFound(name, registryId)
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
    const template = this.#templateFor(name)
    if (template === undefined) throw repositoryNotFound(name, this.id)
    return this.create(name, template.settings)
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

  async close(): Promise<void> {
    for (const upload of [...this.#uploads.values()]) await this.cancelUpload(upload)
    await this.blobs.close()
  }

  /** The longest matching prefix wins; ROOT comes last. */
  #templateFor(name: string): CreationTemplate | undefined {
    return this.templates
      .filter(({ appliedFor }) => appliedFor.includes('CREATE_ON_PUSH'))
      .filter(({ prefix }) => prefix === 'ROOT' || name.startsWith(`${prefix}/`))
      .sort((a, b) => rank(b) - rank(a))[0]
  }
}

function rank({ prefix }: CreationTemplate): number {
  return prefix === 'ROOT' ? 0 : prefix.length
}
