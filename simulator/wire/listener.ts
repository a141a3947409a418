import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A certificate chain and its key, in PEM. */
export interface TlsMaterial {
  readonly certificate: string
  readonly key: string
}

/** A server that accepts connections. */
export interface Listener {
  /** `127.0.0.1:4566` */
  readonly host: string
  /** `http://127.0.0.1:4566` */
  readonly url: string
  /** Ends at once: open connections are cut. */
  close(): Promise<void>
}

/** Listens on `hostname`:`port` (0: any free port), with TLS when `tls` is given. */
export async function listen(
  hostname: string,
  port: number,
  onRequest: RequestListener,
  tls?: TlsMaterial,
): Promise<Listener> {
  const server =
    tls === undefined
      ? createServer(onRequest)
      : createTlsServer({ cert: tls.certificate, key: tls.key }, onRequest)
  // A layer may take longer than Node's default of five minutes to arrive.
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, hostname, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const bracketed = hostname.includes(':') ? `[${hostname}]` : hostname
  const host = `${bracketed}:${String(portOf(server.address()))}`
  const url = `${tls === undefined ? 'http' : 'https'}://${host}`
  return { host, url, close: () => closeServer(server) }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP listener')
  return address.port
}

function closeServer(server: Pick<Server, 'close' | 'closeAllConnections'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve()
      else reject(error)
    })
    server.closeAllConnections()
  })
}
