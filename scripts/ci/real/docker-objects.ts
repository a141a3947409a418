import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Runs docker against the engine of this world. @returns its stdout. */
export async function docker(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = { ...process.env, ...environment }
  return (await execute('docker', argv, { env })).stdout.trim()
}

/** Containers of buildx, running or not, as `id started-at`. */
export async function builderContainers(): Promise<readonly string[]> {
  const filter = '--filter=name=buildx_buildkit_'
  const ids = lines(await docker(['ps', '--all', '--quiet', '--no-trunc', filter]))
  if (ids.length === 0) return []
  return lines(await docker(['inspect', '--format={{.Id}} {{.State.StartedAt}}', ...ids]))
}

/** Volumes that hold the state of builders. */
export async function builderVolumes(): Promise<readonly string[]> {
  return lines(await docker(['volume', 'ls', '--quiet', '--filter=name=buildx_buildkit_']))
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')
