import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const port = 2222
/** What ssh and the endpoint `ssh://builder` call this machine. */
const alias = 'builder'

/**
 * Debian's sshd, by which this private world is another machine to itself: both keys are of this
 * run, and root's ~/.ssh is gone with the world.
 */
export class SshServer {
  /** As `endpoint` and `append` take it. */
  readonly endpoint = `ssh://${alias}`
  readonly #child: ChildProcess
  #said = ''

  private constructor(hostKey: string) {
    // sshd gives up its rights in this empty folder.
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
    const options = [`HostKey=${hostKey}`, 'ListenAddress=127.0.0.1', 'UsePAM=no', 'PidFile=none']
    const given = options.flatMap((option) => ['-o', option])
    this.#child = spawn('/usr/sbin/sshd', ['-D', '-e', '-p', String(port), ...given], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#said += text))
  }

  /** Starts it and waits, at most 10 s, until `command` succeeds at its other end. */
  static async start(directory: string, command: readonly string[]): Promise<SshServer> {
    mkdirSync(directory)
    const [hostKey, userKey] = [join(directory, 'host'), join(directory, 'user')]
    for (const file of [hostKey, userKey]) {
      await execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file])
    }
    introduce(hostKey, userKey)
    const server = new SshServer(hostKey)
    for (let look = 0; look < 40 && server.#runs; look += 1) {
      if (await server.#performs(command)) return server
      await rest(250)
    }
    await server.stop()
    throw new Error(`sshd does not perform ${command.join(' ')}: ${server.#said}`)
  }

  /** How often somebody has logged in with the key of this run. */
  get logins(): number {
    return this.#said.split('\n').filter((line) => line.startsWith('Accepted publickey')).length
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

  #performs(command: readonly string[]): Promise<boolean> {
    return execute('ssh', [alias, ...command]).then(
      () => true,
      (error: unknown) => {
        this.#said += String(error)
        return false
      },
    )
  }
}

/** As an administrator does it: the server knows the user's key, and the user the server's. */
function introduce(hostKey: string, userKey: string): void {
  const folder = join(homedir(), '.ssh')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const publicKey = (file: string): string => readFileSync(`${file}.pub`, 'utf8')
  writeFileSync(join(folder, 'authorized_keys'), publicKey(userKey), { mode: 0o600 })
  appendFileSync(join(folder, 'known_hosts'), `[127.0.0.1]:${String(port)} ${publicKey(hostKey)}`)
  writeFileSync(
    join(folder, 'config'),
    `Host ${alias}
  HostName 127.0.0.1
  Port ${String(port)}
  User root
  IdentityFile ${userKey}
  BatchMode yes
`,
    { mode: 0o600 },
  )
}
