import { readFile } from 'node:fs/promises'
import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { join } from 'node:path'

import { blobPath } from './image-layout.ts'
import type { Descriptor } from './image-layout.ts'

/** Where a layout goes. */
export interface PushTarget {
  /** `https://123456789012.dkr.ecr.us-east-1.amazonaws.com`, or `http://` on loopback. */
  readonly registry: string
  readonly repository: string
  readonly tag: string
  /** Of HTTP Basic authentication; ECR's user name is `AWS`. */
  readonly credentials?: { readonly username: string; readonly password: string }
  /** The PEM certificate that the registry's own is checked against instead of the usual ones. */
  readonly certificateAuthority?: string
}

interface Answer {
  readonly status: number
  readonly location: string | undefined
  readonly body: string
}

interface Manifest {
  readonly manifests?: readonly Descriptor[]
  readonly config?: Descriptor
  readonly layers?: readonly Descriptor[]
}

/**
 * Pushes the image of an OCI layout by the registry's own protocol: blobs that are not there yet,
 * manifests by digest, and last the index under the tag. Returns the index's digest. Throws with
 * the registry's status and text when it refuses.
 */
export async function pushLayout(layout: string, target: PushTarget): Promise<string> {
  const entry = parseManifest(await readFile(join(layout, 'index.json')))
  const index = entry.manifests?.[0]
  if (index === undefined) throw new Error(`${layout} holds no image.`)
  await pushManifest(layout, index, target.tag, target)
  return index.digest
}

async function pushManifest(
  layout: string,
  descriptor: Descriptor,
  reference: string,
  target: PushTarget,
): Promise<void> {
  const bytes = await readFile(blobPath(layout, descriptor.digest))
  const { manifests = [], config, layers = [] } = parseManifest(bytes)
  for (const child of manifests) await pushManifest(layout, child, child.digest, target)
  for (const blob of config ? [config, ...layers] : layers) await pushBlob(layout, blob, target)
  const path = `/v2/${target.repository}/manifests/${reference}`
  await call(target, 'PUT', path, [201], { type: descriptor.mediaType, bytes })
}

async function pushBlob(layout: string, blob: Descriptor, target: PushTarget): Promise<void> {
  const repository = `/v2/${target.repository}`
  const found = await call(target, 'HEAD', `${repository}/blobs/${blob.digest}`, [200, 404])
  if (found.status === 200) return
  const { location } = await call(target, 'POST', `${repository}/blobs/uploads/`, [202])
  if (location === undefined) throw new Error(`${target.registry} named no place for an upload.`)
  const upload = new URL(location, target.registry)
  upload.searchParams.set('digest', blob.digest)
  const bytes = await readFile(blobPath(layout, blob.digest))
  await call(target, 'PUT', upload.href, [201], { type: 'application/octet-stream', bytes })
}

async function call(
  target: PushTarget,
  method: string,
  path: string,
  expected: readonly number[],
  content?: { type: string; bytes: Buffer },
): Promise<Answer> {
  const url = new URL(path, target.registry)
  const answer = await send(target, method, url, content)
  if (expected.includes(answer.status)) return answer
  throw new Error(
    `${method} ${url.pathname} was answered with ${String(answer.status)}: ${answer.body}`,
  )
}

function send(
  target: PushTarget,
  method: string,
  url: URL,
  content?: { type: string; bytes: Buffer },
): Promise<Answer> {
  const { credentials, certificateAuthority } = target
  const options = {
    method,
    ...(credentials && { auth: `${credentials.username}:${credentials.password}` }),
    ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
    headers: content
      ? { 'content-type': content.type, 'content-length': content.bytes.length }
      : {},
  }
  const request = url.protocol === 'https:' ? requestTls : requestPlain
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.once('error', reject).once('end', () => {
        resolve({ status: response.statusCode ?? 0, location: response.headers.location, body })
      })
    })
    sent.once('error', reject).end(content?.bytes)
  })
}

const parseManifest = (bytes: Buffer): Manifest => JSON.parse(bytes.toString('utf8')) as Manifest
