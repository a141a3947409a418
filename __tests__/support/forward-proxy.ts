import { createServer, request, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

/** A proxy that brings every request, whatever host it names, to one server. */
export class ForwardProxy {
  /** `POST http://sts.test/`, `CONNECT github.test:80`, in order. */
  readonly asked: string[] = []
  /** What each of these showed as its login. */
  readonly logins: (string | undefined)[] = []
  readonly #server: Server

  private constructor(target: URL) {
    this.#server = createServer((incoming, outgoing) => {
      const { method = 'GET', url = '', headers } = incoming
      this.#note(`${method} ${url}`, headers['proxy-authorization'])
      const { pathname, search } = new URL(url)
      const onward = request(new URL(pathname + search, target), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      incoming.pipe(onward)
    })
    this.#server.on('connect', (incoming, socket) => {
      this.#note(`CONNECT ${incoming.url ?? ''}`, incoming.headers['proxy-authorization'])
      const onward = connect(Number(target.port), target.hostname, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
        onward.pipe(socket).pipe(onward)
      })
      onward.on('error', () => socket.destroy())
      socket.on('error', () => onward.destroy())
    })
  }

  static async start(target: string): Promise<ForwardProxy> {
    const proxy = new ForwardProxy(new URL(target))
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  /** With a login, which nobody but the proxy may see. */
  get url(): string {
    const address = this.#server.address() as AddressInfo
    return `http://user:secret@127.0.0.1:${address.port}`
  }

  #note(what: string, login: string | undefined): void {
    this.asked.push(what)
    this.logins.push(login)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
