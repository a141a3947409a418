import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** A Docker engine that runs already, with the buildx plugin of its command line. */
export interface DockerEngine {
  /** As `docker version` tells it: `28.5.2`. */
  readonly serverVersion: string
  /** As `docker buildx version` tells it: `github.com/docker/buildx v0.29.1 …`. */
  readonly buildxVersion: string
  /** What its own builder can build for, emulation included: `linux/amd64`, `linux/arm64`. */
  readonly platforms: readonly string[]
}

const run = promisify(execFile)

/**
 * The engine that `docker` talks to with this process's environment and context, or `undefined`
 * when there is no command, no daemon that answers in 10 seconds, or no buildx.
 */
export async function findDockerEngine(): Promise<DockerEngine | undefined> {
  const query = async (...arguments_: string[]): Promise<string> =>
    (await run('docker', arguments_, { timeout: 10_000 })).stdout.trim()
  try {
    const serverVersion = await query('version', '--format', '{{.Server.Version}}')
    const buildxVersion = await query('buildx', 'version')
    const inspected = await query('buildx', 'inspect', 'default')
    const listed = /^Platforms:\s*(.+)$/m.exec(inspected)?.[1] ?? ''
    const platforms = listed.split(',').map((platform) => platform.trim().replace('*', ''))
    return { serverVersion, buildxVersion, platforms }
  } catch {
    // Every way to fail here has the same meaning: there is no engine to use.
    return undefined
  }
}
