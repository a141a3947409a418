import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

const upgrade = 'POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'
const headEnd = '\r\n\r\n'
const longestHead = 16_384

/**
 * Offers the BuildKit inside a Docker engine as a buildkitd, and resolves to its address,
 * `tcp://127.0.0.1:<port>`, for `docker buildx create --driver remote`. The engine hands a
 * connection over to its BuildKit after `POST /grpc` with `Upgrade: h2c` (as its own `docker`
 * driver of buildx does). The listener does not keep the process alive.
 */
export async function serveGrpcProxy(engineSocketPath: string): Promise<string> {
  const server = createServer((client) => {
    join(client, connect(engineSocketPath))
  })
  server.unref().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
  return `tcp://127.0.0.1:${String(address.port)}`
}

function join(client: Socket, engine: Socket): void {
  const end = (): void => {
    client.destroy()
    engine.destroy()
  }
  for (const socket of [client, engine]) socket.on('error', end).on('close', end)
  // The client speaks first in HTTP/2: its words wait until the engine has changed protocol.
  client.pause()
  engine.write(upgrade)
  let head = Buffer.alloc(0)
  const readHead = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk])
    const end_ = head.indexOf(headEnd)
    if (end_ < 0 && head.length < longestHead) return
    engine.off('data', readHead)
    if (end_ < 0 || !head.toString('latin1').startsWith('HTTP/1.1 101 ')) {
      end()
      return
    }
    client.write(head.subarray(end_ + headEnd.length))
    engine.pipe(client)
    client.pipe(engine)
  }
  engine.on('data', readHead)
}
