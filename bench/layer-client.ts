import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'

/** Streams layers to a registry and back; runs as a process of its own, so that only it pays. */
const [url = '', password = '', sizeText = '', seed = ''] = process.argv.slice(2)
const sizeBytes = Number(sizeText)
const chunk = Buffer.alloc(1024 * 1024, `${seed} `)
const headers = { authorization: `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}` }

interface Answered {
  readonly status: number
  readonly location: string
  readonly bytes: number
}

async function send(
  method: string,
  path: string,
  write?: (out: ClientRequest) => Promise<void>,
): Promise<Answered> {
  const length = write === undefined ? {} : { 'content-length': String(sizeBytes) }
  const out = request(new URL(path, url), { method, headers: { ...headers, ...length } })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    out.once('response', resolve).once('error', reject)
  })
  await write?.(out)
  out.end()
  const answer = await answered
  const body: AsyncIterable<unknown> = answer
  let bytes = 0
  for await (const part of body) if (part instanceof Uint8Array) bytes += part.byteLength
  return { status: answer.statusCode ?? 0, location: answer.headers.location ?? '', bytes }
}

async function writeLayer(out: ClientRequest): Promise<void> {
  for (let left = sizeBytes; left > 0; left -= chunk.length) {
    const part = left < chunk.length ? chunk.subarray(0, left) : chunk
    if (!out.write(part)) await once(out, 'drain')
  }
}

function digestOfLayer(): string {
  const hash = createHash('sha256')
  for (let left = sizeBytes; left > 0; left -= chunk.length) {
    hash.update(left < chunk.length ? chunk.subarray(0, left) : chunk)
  }
  return `sha256:${hash.digest('hex')}`
}

const digest = digestOfLayer()
const { location } = await send('POST', '/v2/bench/blobs/uploads/')
const beganMs = performance.now()
const pushed = await send('PUT', `${location}?digest=${digest}`, writeLayer)
const pushedMs = performance.now() - beganMs
const pullBeganMs = performance.now()
const pulled = await send('GET', `/v2/bench/blobs/${digest}`)
const pulledMs = performance.now() - pullBeganMs
if (pushed.status !== 201 || pulled.bytes !== sizeBytes) {
  throw new Error(`push ${String(pushed.status)}, pulled ${String(pulled.bytes)} bytes`)
}
process.stdout.write(JSON.stringify({ pushedMs, pulledMs }))
