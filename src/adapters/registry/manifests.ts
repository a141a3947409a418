import type { IncomingMessage } from 'node:http'

import { backOffMs } from '../../core/back-off.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isDigest, type Digest } from '../../core/image/digest.ts'
import { manifestMediaTypes } from '../../core/image/content/manifest.ts'
import type { StoredManifest } from '../../core/image/content/stored-manifest.ts'
import { contentDigest } from '../../core/image/content/verify.ts'
import { objectsAt, parseJsonObject, stringAt } from '../../core/json.ts'
import type { Clock } from '../../ports/clock.ts'
import { errorCode } from '../system/error-code.ts'
import { readBody, sendRequest, type HttpRequest } from '../system/http-request.ts'

/** A registry that speaks the OCI distribution protocol. */
interface RegistryAccess {
  /** For failures: `ECR Public`. */
  readonly service: string
  readonly origin: string
  /** The value of the authorization header. */
  authorization(): Promise<string>
  /** For the rests between attempts. */
  readonly clock: Pick<Clock, 'chance' | 'sleep'>
}

interface Message extends Pick<HttpRequest, 'method' | 'headers' | 'body'> {
  /** When it aborts, nothing more is sent. */
  readonly signal?: AbortSignal
}

/** As often as the SDK asks ECR. */
const attempts = 4
/** Of one attempt. */
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
    const answer = await this.#send('GetManifest', `/v2/${name}/manifests/${reference}`, {
      headers: { accept: manifestMediaTypes.join(', ') },
    })
    if (answer.status === 404) {
      if (codeOf(answer.text) !== 'NAME_UNKNOWN') return undefined
      throw this.#failure('GetManifest', answer)
    }
    if (answer.status !== 200) throw this.#failure('GetManifest', answer)
    const digest = contentDigest(answer.text)
    // Asked for by digest, other bytes are no image of that name, whatever the registry says.
    if (isDigest(reference) && digest !== reference) {
      throw this.#failure('GetManifest', { ...answer, text: 'the bytes have another digest' })
    }
    return { digest, mediaType: answer.mediaType, manifest: answer.text }
  }

  /**
   * Stores the very bytes under a tag, or by digest alone; nothing is sent after `signal`.
   * @returns the digest that was answered.
   * @throws also the signal's reason.
   */
  async put(
    name: string,
    image: StoredManifest,
    tag: string | undefined,
    signal: AbortSignal,
  ): Promise<Digest> {
    const path = `/v2/${name}/manifests/${tag ?? image.digest}`
    const answer = await this.#send('PutImage', path, {
      method: 'PUT',
      headers: { 'content-type': image.mediaType },
      body: image.manifest,
      signal,
    })
    if (answer.status !== 201) throw this.#failure('PutImage', answer)
    if (answer.digest !== undefined && answer.digest !== image.digest) {
      const text = `the registry answers ${answer.digest} for ${image.digest}`
      throw this.#failure('PutImage', { ...answer, text })
    }
    return image.digest
  }

  /**
   * Sends a request until it is answered, at most four times: a manifest that is put twice is put
   * once.
   */
  async #send(operation: string, path: string, message: Message): Promise<Answer> {
    const { clock } = this.#access
    for (let attempt = 1; ; attempt += 1) {
      const authorization = await this.#access.authorization()
      message.signal?.throwIfAborted()
      const headers = { ...message.headers, authorization }
      const outcome = await this.#attempt(operation, path, { ...message, headers })
      if (attempt === attempts || !mayPass(outcome)) {
        if (outcome instanceof AwsFailure) throw outcome
        return outcome
      }
      await clock.sleep(backOffMs(attempt, clock.chance()), message.signal)
    }
  }

  async #attempt(
    operation: string,
    path: string,
    { signal, ...message }: Message,
  ): Promise<Answer | AwsFailure> {
    const { service, origin } = this.#access
    const limit = AbortSignal.timeout(limitMs)
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit])
    let httpStatus: number | undefined
    try {
      // A redirect, which would carry the password elsewhere, is an answer like others.
      const answer = await sendRequest(new URL(path, origin), { ...message, signal: either })
      httpStatus = answer.statusCode
      return await toAnswer(answer)
    } catch (error) {
      const isOurs = error instanceof RangeError
      const code = errorCode(error) ?? (error instanceof Error ? error.name : 'Unknown')
      const text = error instanceof Error ? error.message : String(error)
      return new AwsFailure(
        {
          ...{ service, operation, code, message: text },
          httpStatus: isOurs ? httpStatus : undefined,
        },
        { cause: error },
      )
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

async function toAnswer(answer: IncomingMessage): Promise<Answer> {
  const { statusCode = 0, headers } = answer
  const digest = headers['docker-content-digest']
  return {
    status: statusCode,
    mediaType: (headers['content-type'] ?? '').split(';', 1).join(''),
    digest: typeof digest === 'string' ? digest : undefined,
    text: (await readBody(answer, limitBytes)).toString('utf8'),
  }
}

/** Whether the same request may be answered better in a moment. */
function mayPass(outcome: Answer | AwsFailure): boolean {
  const status = outcome instanceof AwsFailure ? outcome.httpStatus : outcome.status
  return status === undefined || status === 429 || status >= 500
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
