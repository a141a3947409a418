import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { parseDigest } from '../../src/core/image/digest.ts'
import { joinLegs } from '../../src/core/image/content/join-legs.ts'
import type { Platform } from '../../src/core/image/platform.ts'
import type { MergedImagePlan } from '../../src/core/plan/image/image-plan.ts'
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
  await registry.createRepository('team/app', 'IMMUTABLE')
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

async function mergePlan(digests: readonly string[]): Promise<MergedImagePlan> {
  const legs = await Promise.all(
    digests.map((digest) => readLeg(repository, parseDigest(digest), ecr(), ports)),
  )
  const { commit: of, version, gates, fingerprint, platforms, copies, creates } = imagePlan()
  return {
    ...{ repository, commit: of, version, gates, fingerprint, platforms, copies, creates },
    replaces: undefined,
    existing: undefined,
    reason: 'no image of this commit is there yet',
    kind: 'merge',
    identityTags: [tag],
    movingTags: ['latest'],
    index: joinLegs(legs, { platforms, commit, annotations: {} }).index,
  }
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
  })

  it('joined again are the same image, even under an immutable tag', async () => {
    const legs = [await buildLeg('linux/amd64'), await buildLeg('linux/arm64')]
    const plan = { ...(await mergePlan(legs.map(({ digest }) => digest))), movingTags: [] }
    const first = await publishOne(plan, session(), ports)
    const second = await publishOne(plan, session(), ports)
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
