import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { blobPath, writeImageLayout } from '../../../scripts/world/image-layout.ts'
import { pushLayout } from '../../../scripts/world/push-layout.ts'

let work: string
let server: Server | undefined
beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), 'layout-'))
})
afterEach(async () => {
  server?.close()
  server = undefined
  await rm(work, { recursive: true })
})

async function makeLayout(name: string, modified: Date): Promise<string> {
  const platforms = []
  for (const architecture of ['amd64', 'arm64'] as const) {
    const folder = join(work, `${name}-${architecture}`)
    await mkdir(folder)
    await writeFile(join(folder, 'cpu'), architecture)
    await utimes(join(folder, 'cpu'), modified, modified)
    platforms.push({ architecture, folder })
  }
  const layout = join(work, name)
  await writeImageLayout(layout, platforms)
  return layout
}

const digestOf = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** A registry that checks a blob's digest and a manifest's references, as every real one does. */
async function startRegistry(
  password: string,
): Promise<{ url: string; kept: Map<string, Buffer>; log: string[] }> {
  const kept = new Map<string, Buffer>()
  const log: string[] = []
  const basic = `Basic ${Buffer.from(`AWS:${password}`).toString('base64')}`
  const answer = (method: string, url: URL, body: Buffer): [number, Record<string, string>?] => {
    const reference = url.pathname.split('/').at(-1) ?? ''
    if (method === 'HEAD') return [kept.has(reference) ? 200 : 404]
    if (method === 'POST') return [202, { location: '/v2/base/blobs/uploads/1?state=x' }]
    const digest = url.searchParams.get('digest')
    if (digest !== null && digest !== digestOf(body)) return [400]
    if (digest === null) {
      const named = [...body.toString().matchAll(/"digest":"(sha256:\w+)"/g)].map(
        ([, found = '']) => found,
      )
      if (!named.every((found) => kept.has(found))) return [404]
    }
    kept.set(digest ?? reference, body)
    return [201]
  }
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://registry')
      const method = request.method ?? ''
      if (method === 'PUT') log.push(url.pathname)
      const allowed = request.headers.authorization === basic
      const [status, headers] = allowed ? answer(method, url, Buffer.concat(chunks)) : [401]
      response.writeHead(status, headers).end(status === 401 ? 'no basic auth credentials' : '')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, kept, log }
}

describe('writeImageLayout', () => {
  it('gives the same digest for the same files, whenever they were written', async () => {
    const indexes = []
    for (const [name, date] of [
      ['a', new Date(1)],
      ['b', new Date()],
    ] as const) {
      indexes.push(await readFile(join(await makeLayout(name, date), 'index.json'), 'utf8'))
    }
    expect(indexes[0]).toBe(indexes[1])
  })

  it('names one index with both platforms', async () => {
    const layout = await makeLayout('a', new Date())
    const entry = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as {
      manifests: { digest: string }[]
    }
    const bytes = await readFile(blobPath(layout, entry.manifests[0]?.digest ?? ''))
    const index = JSON.parse(bytes.toString()) as { manifests: { platform: unknown }[] }
    expect(index.manifests.map(({ platform }) => platform)).toEqual([
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64', variant: 'v8' },
    ])
  })
})

describe('pushLayout', () => {
  it('pushes what is missing, and the index last, under its tag', async () => {
    const registry = await startRegistry('pw')
    const layout = await makeLayout('a', new Date())
    const credentials = { username: 'AWS', password: 'pw' }
    const target = { registry: registry.url, repository: 'base', tag: 'stable', credentials }
    const digest = await pushLayout(layout, target)
    expect(registry.kept.get('stable')).toEqual(await readFile(blobPath(layout, digest)))
    expect(registry.log.at(-1)).toBe('/v2/base/manifests/stable')
    registry.log.length = 0
    await pushLayout(layout, target)
    expect(registry.log.filter((path) => path.includes('/blobs/'))).toEqual([])
  })

  it('repeats what the registry says when it refuses', async () => {
    const registry = await startRegistry('pw')
    const layout = await makeLayout('a', new Date())
    const credentials = { username: 'AWS', password: 'wrong' }
    const target = { registry: registry.url, repository: 'base', tag: 'stable', credentials }
    await expect(pushLayout(layout, target)).rejects.toThrow(/^HEAD .* was answered with 401/)
  })
})
