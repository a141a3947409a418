import { rm, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { shortDigest } from '../../src/core/image/digest.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import { parseInputs } from '../../src/core/inputs/parse-inputs.ts'
import type { ImagePlan } from '../../src/core/plan/image/image-plan.ts'
import type { RunContext } from '../../src/core/run-context.ts'
import { planLeg } from '../../src/stages/preflight/plan-leg.ts'
import { planMerge } from '../../src/stages/preflight/plan-merge.ts'
import { buildPorts } from '../support/build-ports.ts'
import { makeRepository } from '../support/git-repository.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

type Given = Readonly<Record<string, string>>

let registry: TestRegistry
let docker: RecordingDocker
let commit: string
beforeEach(async () => {
  registry = await openRegistry()
  docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
  commit = makeRepository(docker.path('workspace'))
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

const session = () => sessionOf(registry.settings)
const portsOf = (run: Partial<RunContext>) =>
  buildPorts(docker, { context: { sha: commit, ...run } })
const inputsOf = (given: Given) => {
  const values = { 'aws-region': 'us-east-1', repository: 'team/app', ...given }
  return parseInputs(new Map(Object.entries(values)), { region: undefined }).inputs
}

/** What the runner of one platform makes of the commit. */
async function leg(platforms: string, given: Given, run: Partial<RunContext>): Promise<string> {
  const inputs = inputsOf({ mode: 'build', platforms, ...given })
  if (inputs.mode !== 'build') throw new TypeError('it is no leg')
  const ports = portsOf(run)
  const { image } = await planLeg(inputs, session(), ports)
  return (await publishOne(image, session(), ports)).digest
}

/** The whole matrix, up to what its last job decides. */
async function matrix(
  legs: Given = {},
  run: Partial<RunContext> = {},
  merge: Given = {},
): Promise<ImagePlan> {
  const digests = await Promise.all(
    ['linux/amd64', 'linux/arm64'].map((platform) => leg(platform, legs, run)),
  )
  const inputs = inputsOf({ mode: 'merge', digests: digests.join('\n'), ...merge })
  if (inputs.mode !== 'merge') throw new TypeError('it joins nothing')
  const [plan] = (await planMerge(inputs, session(), portsOf(run))).images
  if (plan === undefined) throw new TypeError('nothing is joined')
  return plan
}

/** What an earlier matrix left of the same commit. */
async function older(legs: Given = {}): Promise<PushedImage> {
  return await publishOne(await matrix(legs), session(), portsOf({}))
}

describe('fresh legs beside an older image of the same commit', () => {
  it.each<[string, Given, Partial<RunContext>, string]>([
    ['on a schedule', {}, { eventName: 'schedule' }, 'a scheduled run builds anew'],
    ['with pull', { pull: 'true' }, {}, '`pull` is set'],
    ['with no-cache', { 'no-cache': 'true' }, {}, '`no-cache` is set'],
  ])(
    'built %s are deployed, or the run is refused: never the older',
    async (_how, given, run, why) => {
      await registry.createRepository('team/app', 'IMMUTABLE')
      const { digest } = await older()
      const holds = `holds ${shortDigest(digest)}, which is not proven to be this build: ${why}`
      await expect(matrix(given, run)).rejects.toMatchObject({
        code: 'reuse-refused',
        message: expect.stringContaining(holds),
      })
    },
  )

  it('take the tag where it may move, even where skip-existing asks for reuse', async () => {
    await registry.createRepository('team/app')
    const { digest } = await older()
    const plan = await matrix({ pull: 'true' }, { runAttempt: 2 }, { 'skip-existing': 'true' })
    expect(plan).toMatchObject({ existing: undefined, reason: '`pull` is set' })
    const image = await publishOne(plan, session(), portsOf({}))
    expect(image.tags).toEqual([`sha-${commit}`])
    expect(image.digest).not.toBe(digest)
  })

  it('are deployed, or the run is refused, where the older had files that nobody committed', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    const left = docker.path('workspace/left')
    await writeFile(left, '')
    const { digest } = await older()
    await rm(left)
    const why = 'the image that is there was built with: "left" in the context is not as committed'
    await expect(matrix()).rejects.toMatchObject({
      code: 'reuse-refused',
      message: expect.stringContaining(
        `${shortDigest(digest)}, which is not proven to be this build: ${why}`,
      ),
    })
  })

  it.each<[string, Given]>([
    ['equal facts prove', {}],
    ['only their own freshness set apart, where nobody asks for more,', { pull: 'true' }],
  ])('that %s the same are not needed', async (_why, given) => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    const { digest } = await older(given)
    expect((await matrix()).existing).toMatchObject({ digest, reused: true })
  })
})
