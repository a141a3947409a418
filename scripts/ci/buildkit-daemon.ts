import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { promisify } from 'node:util'

import type { TlsIdentity } from '../../simulator/wire/tls.ts'

const execute = promisify(execFile)

/** How a BuildKit daemon of its own is started. */
export interface DaemonOptions {
  /** The folder with `buildkitd` and `buildctl`. */
  readonly programs: string
  /** What it writes is kept here. */
  readonly directory: string
  /** On loopback; undefined: it is at {@link buildkitSocket}. */
  readonly port?: number
  /** The platforms that it is for. */
  readonly platforms: readonly string[]
  /** Given: it speaks TLS only, with clients whose certificate is of the same authority. */
  readonly tls?: TlsIdentity
}

/** Where buildkitd is unless told, and where buildctl looks for it. */
const buildkitSocket = 'unix:///run/buildkit/buildkitd.sock'

/** A BuildKit daemon of this machine, with root's rights and runc from PATH. */
export class BuildkitDaemon {
  /** As `endpoint` and `append` take it. */
  readonly address: string
  readonly #options: DaemonOptions
  readonly #child: ChildProcess
  #said = ''

  private constructor(options: DaemonOptions) {
    const { programs, directory, port, platforms } = options
    this.#options = options
    this.address = port === undefined ? buildkitSocket : `tcp://localhost:${String(port)}`
    mkdirSync(directory, { recursive: true })
    if (options.tls !== undefined) writeTls(directory, options.tls)
    this.#child = spawn(
      join(programs, 'buildkitd'),
      [
        ...['--addr', this.address, '--root', join(directory, 'root')],
        ...['--containerd-worker=false', '--config', configuration(directory)],
        ...platforms.flatMap((platform) => ['--oci-worker-platform', platform]),
        ...(options.tls === undefined ? [] : tlsArguments(directory, 'server')),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = `${this.#said}${text}`.slice(-4_000)
    })
  }

  /** Starts a daemon and waits, at most 20 s, until it answers. */
  static async start(options: DaemonOptions): Promise<BuildkitDaemon> {
    const daemon = new BuildkitDaemon(options)
    for (let look = 0; look < 80 && daemon.#runs; look += 1) {
      if (await daemon.#answers()) return daemon
      await rest(250)
    }
    await daemon.stop()
    throw new Error(`buildkitd for ${options.platforms.join()} does not answer: ${daemon.#said}`)
  }

  /** How many records of builds its cache holds. */
  async records(): Promise<number> {
    const { stdout } = await this.#ask('du', '--format', '{{json .}}')
    const records: unknown = JSON.parse(stdout)
    return Array.isArray(records) ? records.length : 0
  }

  async stop(): Promise<void> {
    if (!this.#runs) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }

  get #runs(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  #answers(): Promise<boolean> {
    return this.#ask('debug', 'workers').then(
      () => true,
      () => false,
    )
  }

  #ask(...argv: readonly string[]): Promise<{ readonly stdout: string }> {
    const { programs, directory, tls } = this.#options
    const means = tls === undefined ? [] : tlsArguments(directory, 'client')
    return execute(join(programs, 'buildctl'), ['--addr', this.address, ...means, ...argv])
  }
}

/** In a private world the builds' control groups are where its end takes them away. */
function configuration(directory: string): string {
  const file = join(directory, 'buildkitd.toml')
  const cgroup = process.env['WORLD_CGROUP']
  const parent = cgroup === undefined ? '' : `defaultCgroupParent = ${JSON.stringify(cgroup)}\n`
  writeFileSync(file, `[worker.oci]\n${parent}`)
  return file
}

/** Both ends have a certificate of their own and trust one authority. */
function writeTls(directory: string, { authority, client, ...server }: TlsIdentity): void {
  const files = {
    ...{ 'authority.pem': authority, 'server.pem': server.certificate, 'server.key': server.key },
    ...{ 'client.pem': client.certificate, 'client.key': client.key },
  }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(directory, name), text, { mode: 0o600 })
  }
}

/** What buildkitd and buildctl name alike; the daemon asks for a certificate as it has an authority. */
function tlsArguments(directory: string, end: 'server' | 'client'): readonly string[] {
  return [
    ...['--tlscacert', join(directory, 'authority.pem')],
    ...['--tlscert', join(directory, `${end}.pem`), '--tlskey', join(directory, `${end}.key`)],
  ]
}
