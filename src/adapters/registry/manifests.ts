import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isDigest, type Digest } from '../../core/image/digest.ts'
import { manifestMediaTypes } from '../../core/image/content/manifest.ts'
import type { StoredManifest } from '../../core/image/content/stored-manifest.ts'
import { contentDigest } from '../../core/image/content/verify.ts'
import { objectsAt, parseJsonObject, stringAt } from '../../core/json.ts'
import { errorCode } from '../system/error-code.ts'

/** A registry that speaks the OCI distribution protocol. */
export interface RegistryAccess {
  /** For failures: `ECR Public`. */
  readonly service: string
  readonly origin: string
  /** The value of the authorization header. */
  authorization(): Promise<string>
}

const limitMs = 20_000
const limitBytes = 4 * 1024 * 1024

/** Manifests by GET and PUT on `/v2/`. All throw AwsFailure. */
export class RegistryManifests {
  readonly #access: RegistryAccess

  constructor(access: RegistryAccess) {
    this.#access = access
  }

  /** @returns undefined where the repository has no such image. */
  async read(name: string, reference: string): Promise<StoredManifest | undefined> {
    const answer = await this.#send('BatchGetImage', `/v2/${name}/manifests/${reference}`, {
      headers: { accept: manifestMediaTypes.join(', ') },
    })
    if (answer.status === 404) {
      if (codeOf(answer.text) !== 'NAME_UNKNOWN') return undefined
      throw this.#failure('BatchGetImage', answer)
    }
    if (answer.status !== 200) throw this.#failure('BatchGetImage', answer)
    const digest = contentDigest(answer.text)
    // Asked for by digest, other bytes are no image of that name, whatever the registry says.
    if (isDigest(reference) && digest !== reference) {
      throw this.#failure('BatchGetImage', { ...answer, text: 'the bytes have another digest' })
    }
    return { digest, mediaType: answer.mediaType, manifest: answer.text }
  }

  /** Stores the very bytes under a tag, or by digest alone. @returns the digest that was answered. */
  async put(name: string, image: StoredManifest, tag: string | undefined): Promise<Digest> {
    const path = `/v2/${name}/manifests/${tag ?? image.digest}`
    const answer = await this.#send('PutImage', path, {
      method: 'PUT',
      headers: { 'content-type': image.mediaType },
      body: image.manifest,
    })
    if (answer.status !== 201) throw this.#failure('PutImage', answer)
    if (answer.digest !== undefined && answer.digest !== image.digest) {
      const text = `the registry answers ${answer.digest} for ${image.digest}`
      throw this.#failure('PutImage', { ...answer, text })
    }
    return image.digest
  }

  async #send(operation: string, path: string, init: RequestInit): Promise<Answer> {
    const { service, origin } = this.#access
    const authorization = await this.#access.authorization()
    const headers = { ...Object.fromEntries(new Headers(init.headers)), authorization }
    const signal = AbortSignal.timeout(limitMs)
    try {
      // A redirect would carry the password elsewhere.
      const redirect = 'error' as const
      const response = await fetch(new URL(path, origin), { ...init, headers, redirect, signal })
      return {
        status: response.status,
        mediaType: (response.headers.get('content-type') ?? '').split(';', 1).join(''),
        digest: response.headers.get('docker-content-digest') ?? undefined,
        text: await readText(response),
      }
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error
      const code = errorCode(cause) ?? (error instanceof Error ? error.name : 'Unknown')
      const message = error instanceof Error ? error.message : String(error)
      throw new AwsFailure({ service, operation, code, message }, { cause: error })
    }
  }

  #failure(operation: string, { status, text }: Answer): AwsFailure {
    const { service } = this.#access
    const code = codes[codeOf(text) ?? ''] ?? codeOf(text) ?? `Http${status}`
    return new AwsFailure({
      ...{ service, operation, code, httpStatus: status },
      message: messageOf(text),
    })
  }
}

interface Answer {
  readonly status: number
  readonly mediaType: string
  readonly digest: string | undefined
  readonly text: string
}

/** What the registry calls by other names than the API. */
const codes: Readonly<Record<string, string>> = {
  DENIED: 'AccessDeniedException',
  UNAUTHORIZED: 'UnrecognizedClientException',
  NAME_UNKNOWN: 'RepositoryNotFoundException',
  MANIFEST_BLOB_UNKNOWN: 'ReferencedImagesNotFoundException',
  TOOMANYREQUESTS: 'ThrottlingException',
}

async function readText(response: Response): Promise<string> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const value = (await reader?.read())?.value
    if (value === undefined) return Buffer.concat(chunks).toString('utf8')
    bytes += value.byteLength
    if (bytes > limitBytes) throw new RangeError('the answer is larger than 4 MiB')
    chunks.push(value)
  }
}

function firstError(text: string) {
  return objectsAt(parseJsonObject(text) ?? {}, 'errors')[0]
}

function codeOf(text: string): string | undefined {
  const error = firstError(text)
  return error && stringAt(error, 'code')
}

function messageOf(text: string): string {
  const error = firstError(text)
  return (error && stringAt(error, 'message')) ?? text.slice(0, 300)
}
