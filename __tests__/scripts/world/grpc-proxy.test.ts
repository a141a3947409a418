import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, describe, expect, it } from '@jest/globals'

import { serveGrpcProxy } from '../../../scripts/world/grpc-proxy.ts'

let stop: (() => Promise<void>) | undefined
afterEach(async () => {
  await stop?.()
})

/** An engine that answers an upgrade with `answer`, in two parts, then echoes. */
async function startEngine(answer: string): Promise<{ socketPath: string; received: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'))
  const received: string[] = []
  const server: Server = createServer((socket: Socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (request: Buffer) => {
      received.push(request.toString())
      socket.write(answer.slice(0, 20))
      setImmediate(() => socket.write(answer.slice(20)))
      socket.on('data', (chunk: Buffer) => socket.write(chunk))
    })
  })
  const socketPath = join(folder, 'docker.sock')
  server.listen(socketPath)
  await once(server, 'listening')
  stop = async () => {
    server.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { socketPath, received }
}

async function converse(address: string, text: string, expectedLength: number): Promise<string> {
  const client = connect(Number(new URL(address).port), '127.0.0.1')
  client.write(text)
  let answer = ''
  for await (const chunk of client) {
    answer += String(chunk)
    if (answer.length >= expectedLength) break
  }
  client.destroy()
  return answer
}

const upgraded = 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'

describe('serveGrpcProxy', () => {
  it('asks the engine for its BuildKit, then passes bytes both ways, from the very first', async () => {
    const engine = await startEngine(`${upgraded}settings `)
    const address = await serveGrpcProxy(engine.socketPath)
    const [preface, settings] = ['PRI * HTTP/2.0', 'settings ']
    const answer = await converse(address, preface, preface.length + settings.length)
    expect(answer).toBe(settings + preface)
    expect(engine.received).toEqual([
      'POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    ])
  })

  it('hangs up when the engine does not change protocol', async () => {
    const engine = await startEngine('HTTP/1.1 404 Not Found\r\n\r\n')
    expect(await converse(await serveGrpcProxy(engine.socketPath), 'PRI', 1)).toBe('')
  })

  it('hangs up when there is no engine', async () => {
    const address = await serveGrpcProxy(join(tmpdir(), 'no-such-engine.sock'))
    expect(await converse(address, '', 1)).toBe('')
  })
})
