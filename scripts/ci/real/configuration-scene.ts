import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { farHost, farRegion } from './copy-scene.ts'
import { platformsOf, readIndex } from './image-index.ts'
import { registryOf, type Site } from './site.ts'
import { theirBuilder, theirContext, UserConfiguration } from './user-configuration.ts'

const repository = 'real/configured'
const baseRepository = 'real/private-base'
const base = `${farHost}/${baseRepository}:stable`

/** A machine that somebody uses: the action builds with what is theirs, and leaves it as it is. */
export async function configurationScene(site: Site): Promise<void> {
  const { screen, stage, programs } = site
  screen.chapter("A user's own Docker configuration: used, and left as it was")
  site.createRepository(repository)
  await pushPrivateBase(site)
  const parent = join(stage.directory, 'user')
  mkdirSync(parent)
  const login = { host: farHost, ...stage.credentials() }
  const user = await UserConfiguration.create(parent, login, join(programs, 'buildx'))
  screen.progress('by the engine that their context leads to')
  // Before Docker 28 an engine pushes no index, which attestations make.
  const lone = { platforms: 'linux/amd64', provenance: 'false' }
  await release(site, user, theirContext, { driver: 'docker', ...lone })
  screen.progress('by a builder of theirs')
  await release(site, user, theirBuilder, { builder: theirBuilder })
  const context = await user.docker('context', 'show')
  screen.check(context === theirContext, 'their context is the current one still', context)
  const builder = await user.docker('buildx', 'inspect', theirBuilder)
  screen.check(/^Status:\s+running$/m.test(builder), 'and their builder works')
}

/** A base image in another registry, which the action does not log in to. */
async function pushPrivateBase({ stage }: Site): Promise<void> {
  const { simulator, directory } = stage
  simulator.iam.furtherRegions.add(farRegion)
  simulator.ecr.open({ region: farRegion }).create(baseRepository, { tagMutability: 'IMMUTABLE' })
  const login = join(directory, 'task-execution-role', 'config.json')
  const [from, to] = [`docker://${stage.base}`, `docker://${base}`]
  await promisify(execFile)('skopeo', ['copy', '--all', '--authfile', login, from, to])
}

async function release(
  site: Site,
  user: UserConfiguration,
  builder: string,
  given: Readonly<Record<string, string>>,
): Promise<void> {
  const { screen, stage } = site
  const commit = site.nextCommit()
  const before = user.contents()
  user.forget()
  const inputs = { ...site.inputs(repository, given), 'build-args': `BASE=${base}` }
  const { environment } = user
  const { outputs, log } = await site.expect({ inputs, environment }, 'pushed')
  if (outputs['outcome'] !== 'pushed') return
  const found = await readIndex(stage, `${registryOf(repository)}:sha-${commit}`)
  const platforms = platformsOf(found)
  // A lone manifest names none.
  const wanted = given['platforms'] === undefined ? 'linux/amd64 linux/arm64' : ''
  screen.check(platforms === wanted, 'skopeo finds every platform', platforms)
  screen.check(found.digest === outputs['digest'], 'and the digest that was told', found.digest)
  const told = log.find((line) => line.startsWith(`builder ${builder} (`))
  screen.check(told !== undefined, `the builder is ${builder}`, told)
  const asked = user.asked()
  const helped = asked.includes('docker-credential-prior get')
  screen.check(helped, 'their credential helper gave the login of the base image')
  const built = asked.some((line) => line.startsWith('docker-buildx buildx build '))
  screen.check(built, 'their own buildx built it')
  screen.check(user.contents() === before, 'and all that is theirs is as it was')
}
