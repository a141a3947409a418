import { digestOf } from '../../../simulator/ecr/store/digest.ts'
import type { Simulator } from '../../../simulator/simulator.ts'
import type { TestImage } from './image.ts'

/** Speaks the OCI distribution protocol by plain requests. */
export class RegistryClient {
  readonly #url: string
  readonly #password: string

  constructor(url: string, password: string) {
    this.#url = url
    this.#password = password
  }

  /** A client that is logged in as the owner of an access key. */
  static loggedIn(simulator: Simulator, accessKeyId: string): RegistryClient {
    return new RegistryClient(
      simulator.registry.url,
      simulator.ecr.tokens.issue(accessKeyId).password,
    )
  }

  request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`AWS:${this.#password}`).toString('base64')}`
    const headers = { authorization, ...headersOf(init) }
    return fetch(new URL(path, this.#url), { ...init, method, headers, redirect: 'manual' })
  }

  /** Uploads in two steps, as docker does. */
  async pushBlob(repository: string, blob: Buffer): Promise<Response> {
    const begun = await this.request('POST', `/v2/${repository}/blobs/uploads/`)
    if (begun.status !== 202) return begun
    const location = begun.headers.get('location') ?? ''
    const sent = await this.request('PATCH', location, { body: new Uint8Array(blob) })
    if (sent.status !== 202) return sent
    return this.request('PUT', `${location}?digest=${digestOf(blob)}`)
  }

  /** Pushes the blobs, then the manifest under a tag or (without one) under its digest. */
  async push(repository: string, image: TestImage, tag: string = image.digest): Promise<Response> {
    for (const blob of image.blobs) {
      const pushed = await this.pushBlob(repository, blob)
      if (pushed.status !== 201) return pushed
    }
    return this.putManifest(repository, image, tag)
  }

  putManifest(repository: string, image: TestImage, reference: string): Promise<Response> {
    return this.request('PUT', `/v2/${repository}/manifests/${reference}`, {
      body: image.text,
      headers: { 'content-type': image.mediaType },
    })
  }
}

/** Status, code and message of a refusal. */
export async function errorOf(response: Response): Promise<readonly [number, string, string]> {
  const body: unknown = await response.json()
  const { errors } = body as { errors: readonly { code: string; message: string }[] }
  return [response.status, errors[0]?.code ?? '', errors[0]?.message ?? '']
}

function headersOf(init: RequestInit): Record<string, string> {
  return Object.fromEntries(new Headers(init.headers))
}
