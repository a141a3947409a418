import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { parseDigest } from '../../src/core/image/digest.ts'
import type { Platform } from '../../src/core/image/platform.ts'
import { parseInputs } from '../../src/core/inputs/parse-inputs.ts'
import type { ImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { planMerge } from '../../src/stages/preflight/plan-merge.ts'
import { readLeg } from '../../src/stages/preflight/read-leg.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { commit } from '../support/run-context.ts'
import { imageOf } from '../simulator/ecr/image.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const tag = `sha-${commit}`
const { repository, build } = imagePlan()

let registry: TestRegistry
let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  registry = await openRegistry()
  docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
  ports = buildPorts(docker)
  await registry.createRepository('team/app', 'IMMUTABLE_WITH_EXCLUSION', ['latest'])
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

const session = () => sessionOf(registry.settings)
const ecr = () => session().ecr({ region: 'us-east-1' })

/** Builds as one runner of the matrix does. */
const buildLeg = (platform: Platform) =>
  publishOne(
    imagePlan({
      identityTags: [],
      movingTags: [],
      platforms: [platform],
      build: { ...build, platforms: [platform] },
    }),
    session(),
    ports,
  )

/** What joins legs, as the inputs of a workflow decide it. */
async function mergePlan(
  digests: readonly string[],
  tags: readonly string[] = ['type=sha,format=long', 'type=raw,value=latest'],
): Promise<ImagePlan> {
  const given = { mode: 'merge', digests: digests.join('\n'), tags: tags.join('\n') }
  const inputs = inputsOf(given)
  if (inputs.mode !== 'merge') throw new TypeError('it joins nothing')
  const [plan] = (await planMerge(inputs, session(), ports)).images
  if (plan === undefined) throw new TypeError('nothing is joined')
  return plan
}

const inputsOf = (given: Readonly<Record<string, string>>) => {
  const values = { 'aws-region': 'us-east-1', repository: 'team/app', ...given }
  return parseInputs(new Map(Object.entries(values)), { region: undefined }).inputs
}

describe('legs of a matrix of native runners', () => {
  it('are pushed by digest, joined on the server without docker, and tagged', async () => {
    const amd = await buildLeg('linux/amd64')
    const arm = await buildLeg('linux/arm64')
    expect([amd.tags, arm.tags]).toEqual([[], []])
    const before = (await docker.calls()).length
    const image = await publishOne(await mergePlan([arm.digest, amd.digest]), session(), ports)
    expect((await docker.calls()).length).toBe(before)
    expect(image.tags).toEqual([tag, 'latest'])
    expect(image.platforms).toEqual([...amd.platforms, ...arm.platforms])
    expect(image).toMatchObject({ reused: false, joined: true })
    expect(amd).not.toHaveProperty('joined')
  })

  describe('of workflow_run, joined in a job without a checkout', () => {
    const own = { sha: 'b'.repeat(40), eventName: 'workflow_run' }
    const after = (sha: string) => ({
      context: { ...own, event: { workflow_run: { head_sha: sha, head_branch: 'feature' } } },
    })

    it('are named after what they were built of, where it asked for the run', async () => {
      const legs = [await buildLeg('linux/amd64'), await buildLeg('linux/arm64')]
      ports = buildPorts(docker, after(commit))
      const plan = await mergePlan(legs.map(({ digest }) => digest))
      expect(plan).toMatchObject({ commit, identityTags: [tag] })
    })

    it('are refused where the event does not tell of it', async () => {
      const legs = [await buildLeg('linux/amd64'), await buildLeg('linux/arm64')]
      ports = buildPorts(docker, after('c'.repeat(40)))
      await expect(mergePlan(legs.map(({ digest }) => digest))).rejects.toMatchObject({
        code: 'merge-refused',
        message: expect.stringContaining('this run is of bbbbbbbbbbbb'),
      })
    })

    it('are refused in the words of the join where one is not there', async () => {
      const leg = await buildLeg('linux/amd64')
      ports = buildPorts(docker, after(commit))
      const digests = [leg.digest, `sha256:${'0'.repeat(64)}`]
      await expect(mergePlan(digests)).rejects.toMatchObject({ code: 'image-not-found' })
    })
  })

  it('joined again are the same image, even under an immutable tag', async () => {
    const legs = [await buildLeg('linux/amd64'), await buildLeg('linux/arm64')]
    const joined = async () => {
      const plan = await mergePlan(
        legs.map(({ digest }) => digest),
        ['type=sha,format=long'],
      )
      return publishOne(plan, session(), ports)
    }
    const first = await joined()
    const second = await joined()
    expect([first.reused, second.reused]).toEqual([false, true])
    expect(second.digest).toBe(first.digest)
  })

  it('may be lone manifests, whose config says for which platform they are', async () => {
    const lone = imageOf('linux/arm64', '', { annotations: build.annotations })
    await registry.client.push('team/app', lone)
    const leg = await readLeg(repository, parseDigest(lone.digest), ecr(), ports)
    expect(leg.platforms).toMatchObject([{ platform: 'linux/arm64', digest: lone.digest }])
  })

  it('that are not in the repository are refused by digest', async () => {
    const digest = parseDigest(`sha256:${'0'.repeat(64)}`)
    await expect(readLeg(repository, digest, ecr(), ports)).rejects.toMatchObject({
      code: 'image-not-found',
      message: expect.stringContaining('which `digests` names'),
    })
  })
})
