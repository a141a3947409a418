import { accountId } from '../../demo/stage.ts'
import { platformsOf, readIndex } from './image-index.ts'
import { registryOf, type Site } from './site.ts'

const repository = 'real/copied'
export const farRegion = 'eu-west-1'

/** The registry of the same account in another region. */
export const farHost = `${accountId}.dkr.ecr.${farRegion}.amazonaws.com`

/** One image in two regions: copied by digest, and only once. */
export async function copyScene(site: Site): Promise<void> {
  const { screen, stage } = site
  screen.chapter('A release into two regions')
  stage.simulator.iam.furtherRegions.add(farRegion)
  site.createRepository(repository)
  stage.simulator.ecr.open({ region: farRegion }).create(repository, { tagMutability: 'IMMUTABLE' })
  await copyIndex(site)
  await copyNothing(site)
  await copyLoneManifest(site)
}

async function copyIndex(site: Site): Promise<void> {
  const { screen } = site
  site.nextCommit()
  await site.expect({ inputs: inputsOf(site) }, 'pushed')
  const platforms = await checkEqual(site)
  screen.check(platforms === 'linux/amd64 linux/arm64', 'and both platforms are there', platforms)
}

/** The same commit again: of a registry that takes nothing more. */
async function copyNothing(site: Site, inputs = inputsOf(site)): Promise<void> {
  const { screen, stage } = site
  const { requests } = stage.simulator
  requests.clear()
  await site.expect({ inputs }, 'already-pushed')
  const asked = requests.list('registry')
  screen.check(
    asked.length === 0,
    'the second run copies nothing',
    `${String(asked.length)} requests`,
  )
}

/** An image without attestations for one platform has no index. */
async function copyLoneManifest(site: Site): Promise<void> {
  const { screen } = site
  screen.progress('a lone manifest')
  site.nextCommit()
  const inputs = { ...inputsOf(site), platforms: 'linux/amd64', provenance: 'false' }
  await site.expect({ inputs }, 'pushed')
  const platforms = await checkEqual(site)
  screen.check(platforms === '', 'and it is no index', platforms)
  await copyNothing(site, inputs)
}

/** @returns the platforms of the copy, as skopeo finds them. */
async function checkEqual({ screen, stage, workspace }: Site): Promise<string> {
  const tag = `sha-${workspace.commit}`
  const source = await readIndex(stage, `${registryOf(repository)}:${tag}`)
  const copy = await readIndex(stage, `${farHost}/${repository}:${tag}`)
  screen.check(copy.digest === source.digest, 'both regions have one digest', copy.digest)
  return platformsOf(copy)
}

function inputsOf(site: Site): Record<string, string> {
  const repositories = `${registryOf(repository)}\n${farHost}/${repository}`
  const endpoint = process.env['WORLD_BUILDKIT'] ?? ''
  return site.inputs(repositories, { driver: 'remote', endpoint })
}
