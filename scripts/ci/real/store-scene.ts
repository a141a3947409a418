import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { storedAs } from './distribution-registry.ts'
import { registryOf, type Site } from './site.ts'

const execute = promisify(execFile)
const repository = 'real/stored'

/** What the action pushed through ECR's front is whole in the registry behind it. */
export async function storeScene(site: Site): Promise<void> {
  const { screen, stage } = site
  screen.chapter("docker-registry behind ECR's front")
  site.createRepository(repository)
  const tag = `sha-${site.nextCommit()}`
  const inputs = { driver: 'remote', endpoint: process.env['WORLD_BUILDKIT'] ?? '' }
  const { outputs } = await site.expect({ inputs: site.inputs(repository, inputs) }, 'pushed')
  if (outputs['outcome'] !== 'pushed') return
  const front = `${registryOf(repository)}:${tag}`
  const store = `${storedAs(registryOf(repository))}:${tag}`
  const behind = await copyAll(site, 'store', store, ['--src-tls-verify=false'])
  screen.check(behind === outputs['digest'], 'skopeo copies all of it from the store', behind)
  const login = ['--authfile', join(stage.directory, 'task-execution-role', 'config.json')]
  const before = await copyAll(site, 'front', front, login)
  screen.check(before === behind, 'and the very same through the front', before)
  const refused = await execute('skopeo', ['inspect', '--no-creds', '--raw', `docker://${front}`])
    .then(() => 'let in')
    .catch((error: unknown) => String(error))
  const words = /unauthorized.*/i.exec(refused)?.[0]
  screen.check(words !== undefined, 'which lets nobody in without a login', words ?? refused)
}

/** Every manifest and blob, with the digests checked by skopeo. @returns the digest of the index. */
async function copyAll(
  { stage }: Site,
  name: string,
  reference: string,
  options: readonly string[],
): Promise<string> {
  const file = join(stage.directory, `${name}-digest`)
  const target = `dir:${join(stage.directory, name)}`
  const argv = ['copy', '--all', '--quiet', '--preserve-digests', '--digestfile', file, ...options]
  await execute('skopeo', [...argv, `docker://${reference}`, target])
  return readFileSync(file, 'utf8').trim()
}
