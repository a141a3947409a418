import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as rest } from 'node:timers/promises'

import type { BlobStore, BlobWriter, ByteRange } from '../../../simulator/ecr/store/blob-store.ts'
import type { Manifest } from '../../../simulator/ecr/store/manifest.ts'

const host = '127.0.0.1:5001'
/** Blobs arrive before it is known which manifest names them; manifests have them mounted from here. */
const blobRepository = 'blobs'

/**
 * Debian's docker-registry, the CNCF's distribution, as the store behind the simulator's ECR front.
 * It asks nobody who he is and has no rules of ECR's: these are the front's.
 */
export class DistributionRegistry implements BlobStore {
  readonly #directory: string
  readonly #child: ChildProcess
  /** Of what came through here. */
  readonly #sizes = new Map<string, number>()
  #said = ''

  private constructor() {
    this.#directory = mkdtempSync(join(tmpdir(), 'distribution-'))
    const configuration = join(this.#directory, 'config.yml')
    writeFileSync(configuration, configurationOf(join(this.#directory, 'content')))
    this.#child = spawn('docker-registry', ['serve', configuration], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = `${this.#said}${text}`.slice(-4_000)
    })
  }

  /** Starts it and waits, at most 10 s, until it answers. */
  static async start(): Promise<DistributionRegistry> {
    const registry = new DistributionRegistry()
    for (let look = 0; look < 100 && registry.#child.exitCode === null; look += 1) {
      if (await answers()) return registry
      await rest(100)
    }
    await registry.close()
    throw new Error(`docker-registry does not answer: ${registry.#said}`)
  }

  size(digest: string): number | undefined {
    return this.#sizes.get(digest)
  }

  read(digest: string, range?: ByteRange): Readable {
    return Readable.from(pieces(digest, range))
  }

  async begin(): Promise<BlobWriter> {
    const begun = await ask('POST', `/v2/${blobRepository}/blobs/uploads/`, 202)
    let location = locationOf(begun)
    return {
      write: async (chunk) => {
        location = locationOf(await ask('PATCH', location, 202, { body: chunk, headers: asBytes }))
      },
      keep: async (digest, size) => {
        const url = new URL(location)
        url.searchParams.set('digest', digest)
        await ask('PUT', url.href, 201)
        this.#sizes.set(digest, size)
      },
      discard: async () => {
        await ask('DELETE', location, 204)
      },
    }
  }

  async keepManifest(
    repository: string,
    manifest: Manifest,
    tag: string | undefined,
  ): Promise<void> {
    const { config, layers, digest, mediaType, text } = manifest
    for (const blob of config === undefined ? layers : [config, ...layers]) {
      const query = new URLSearchParams({ mount: blob.digest, from: blobRepository })
      await ask('POST', `/v2/${repository}/blobs/uploads/?${query.toString()}`, 201)
    }
    const path = `/v2/${repository}/manifests/${tag ?? digest}`
    await ask('PUT', path, 201, { body: text, headers: { 'content-type': mediaType } })
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit')
      this.#child.kill('SIGTERM')
      await ended
    }
    await rm(this.#directory, { recursive: true, force: true })
  }
}

/** How a repository of ECR, `HOST/team/app`, is called in the store, for a reader that goes there itself. */
export const storedAs = (repository: string): string => `${host}/${repository}`

const asBytes = { 'content-type': 'application/octet-stream' }

/** @throws Error where it answers with another status than `wanted`. */
async function ask(
  method: string,
  target: string,
  wanted: number,
  init: Pick<RequestInit, 'body' | 'headers'> = {},
): Promise<Response> {
  const response = await fetch(new URL(target, `http://${host}`), { method, ...init })
  if (response.status === wanted) return response
  const words = await response.text()
  throw new Error(`docker-registry: ${method} ${target}: ${String(response.status)} ${words}`)
}

async function answers(): Promise<boolean> {
  return ask('GET', '/v2/', 200).then(
    () => true,
    () => false,
  )
}

async function* pieces(digest: string, range: ByteRange | undefined): AsyncGenerator<Uint8Array> {
  const headers: Record<string, string> =
    range === undefined ? {} : { range: `bytes=${String(range.first)}-${String(range.last)}` }
  const path = `/v2/${blobRepository}/blobs/${digest}`
  const response = await ask('GET', path, range === undefined ? 200 : 206, { headers })
  for await (const piece of response.body ?? []) yield piece
}

function locationOf(response: Response): string {
  const location = response.headers.get('location')
  if (location === null) throw new Error('docker-registry names no location')
  return new URL(location, response.url).href
}

function configurationOf(content: string): string {
  return `version: 0.1
log:
  level: warn
  accesslog:
    disabled: true
storage:
  filesystem:
    rootdirectory: ${content}
  delete:
    enabled: true
http:
  addr: ${host}
`
}
