import { rm, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { BakeInputs } from '../../src/core/inputs/build/bake.ts'
import type { BuildInputs } from '../../src/core/inputs/inputs.ts'
import type { ImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { objectAt, stringsAt } from '../../src/core/json.ts'
import { imageSection } from '../../src/core/report/image-summary.ts'
import { planBakedRelease } from '../../src/stages/preflight/plan-baked-release.ts'
import { publishImages } from '../../src/stages/publish/publish-images.ts'
import { bakedRelease, BakeWorld, printed } from '../support/bake-world.ts'
import { buildPorts } from '../support/build-ports.ts'
import { commit } from '../support/run-context.ts'
import { registryHost, sessionOf } from '../support/test-registry.ts'

let world: BakeWorld
beforeEach(async () => {
  world = await BakeWorld.open()
})
afterEach(async () => {
  await world.close()
})

const session = () => sessionOf(world.registry.settings)
async function plan(
  build: Partial<BuildInputs> = {},
  bake: Partial<BakeInputs> = {},
): Promise<readonly ImagePlan[]> {
  const inputs = bakedRelease(build, bake)
  return (await planBakedRelease(inputs, inputs.build.bake, session(), world.ports)).images
}
const publish = async (plans: readonly ImagePlan[]) =>
  await publishImages(plans, session(), world.ports)

describe('a release of bake files', () => {
  it('builds all targets in one call, and reads each back under its own names', async () => {
    const published = await publish(await plan())
    expect(await world.bakes()).toHaveLength(1)
    expect(published.map(({ image }) => [image.repository.name, image.tags])).toEqual([
      ['sample/web', [commit, 'latest']],
      ['sample/worker', [commit]],
    ])
    const { image, images } = world.ports.report.facts
    expect(image).toBeUndefined()
    expect([...(images ?? [])].map(([target, { digest }]) => [target, digest])).toEqual([
      ['web', published[0]?.image.digest],
      ['worker', published[1]?.image.digest],
    ])
  })

  it('asks first, with the version of the run and without what proves who we are', async () => {
    await plan({}, { targets: ['web'], set: ['web.args.A=a,b c'] })
    const [call] = await world.docker.calls()
    expect(call?.argv).toEqual([
      ...['buildx', 'bake', '--print', '--file=compose.yaml', '--set=web.args.A=a,b c'],
      ...['--', 'web'],
    ])
    expect(call?.environment['IMAGE_VERSION']).toBe(commit)
    expect(call?.environment).not.toHaveProperty('AWS_SECRET_ACCESS_KEY')
  })

  it('builds nothing of files that take credentials of the job for a secret', async () => {
    const secret = ['id=loot,env=AWS_SECRET_ACCESS_KEY']
    await world.play({
      bake: { ...printed, target: { ...printed.target, web: { ...printed.target.web, secret } } },
    })
    await expect(plan()).rejects.toMatchObject({ code: 'bake-refused' })
    const calls = (await world.docker.calls()).filter(({ argv }) => argv[1] === 'bake')
    expect(calls.map(({ argv }) => argv.includes('--print'))).toEqual([true])
  })

  it('hides the credentials of the job from the build, too', async () => {
    await publish(await plan())
    const calls = (await world.docker.calls()).filter(({ argv }) => argv[1] === 'bake')
    expect(calls).toHaveLength(2)
    for (const { environment } of calls) {
      expect(environment).not.toHaveProperty('AWS_SECRET_ACCESS_KEY')
    }
  })

  it('builds what was judged: our output and facts, and texts that are worked out', async () => {
    await publish(await plan())
    const web = objectAt(objectAt(await world.built(), 'target'), 'web')
    expect(web).not.toHaveProperty('tags')
    expect(stringsAt(web, 'output')).toEqual([
      `type=image,name=${registryHost}/sample/web:${commit},push=true,oci-mediatypes=true`,
    ])
    expect(objectAt(web, 'args')).toEqual({ LIST: 'a,b', BRACES: '$${HOME} %%{x}' })
    expect(stringsAt(web, 'annotations')).toContain(
      `manifest:org.opencontainers.image.revision=${commit}`,
    )
  })

  it('builds nothing where the registry has all of it', async () => {
    await publish(await plan())
    const again = await plan({ skipExisting: 'true' })
    expect(again.map(({ existing }) => existing?.tags)).toEqual([[commit], [commit]])
    const published = await publish(again)
    expect(published.every(({ image }) => image.reused)).toBe(true)
    expect(await world.bakes()).toHaveLength(1)
  })

  it('builds over what holds a file that nobody committed, and names the file', async () => {
    const left = world.docker.path('workspace/web/left')
    await writeFile(left, '')
    await publish(await plan())
    await rm(left)
    const again = await plan({ skipExisting: 'true' })
    expect(again.map(({ existing }) => existing?.tags)).toEqual([undefined, [commit]])
    expect(again[0]?.reason).toBe(
      'the image that is there was built with: "left" in the context is not as committed',
    )
    await publish(again)
    const clean = await plan({ skipExisting: 'true' })
    expect(clean.map(({ existing }) => existing?.tags)).toEqual([[commit], [commit]])
  })

  it('builds over what was built upon a file that nobody committed', async () => {
    const base = { context: 'worker', dockerfile: 'Dockerfile', output: ['type=cacheonly'] }
    const web = { ...printed.target.web, contexts: { base: 'target:base' } }
    await world.play({ bake: { ...printed, target: { ...printed.target, web, base } } })
    const left = world.docker.path('workspace/worker/left')
    await writeFile(left, '')
    await publish(await plan())
    await rm(left)
    const again = await plan({ skipExisting: 'true' })
    expect(again.map(({ existing }) => existing)).toEqual([undefined, undefined])
  })

  it('builds only the target that changed', async () => {
    await publish(await plan())
    const worker = { ...printed.target.worker, args: { LEVEL: '2' } }
    await world.play({ bake: { ...printed, target: { ...printed.target, worker } } })
    await publish(await plan({ skipExisting: 'true' }))
    const last = (await world.bakes()).at(-1)
    expect(last?.slice(last.indexOf('--') + 1)).toEqual(['worker'])
  })

  it('takes the platforms of the input, else those of the file, else the usual ones', async () => {
    const web = { ...printed.target.web, platforms: ['linux/arm64'] }
    await world.play({ bake: { ...printed, target: { ...printed.target, web } } })
    const platforms = async (bake: Partial<BakeInputs>) =>
      (await plan({}, bake)).map((image) => image.platforms.join())
    expect(await platforms({})).toEqual(['linux/arm64', 'linux/amd64,linux/arm64'])
    expect(await platforms({ platforms: ['linux/amd64'] })).toEqual(['linux/amd64', 'linux/amd64'])
  })
})

describe('a bake that fails', () => {
  const transient =
    'ERROR: failed to solve: failed to do request: Head "https://x": read: connection reset by peer'

  it('is tried again for what has not arrived', async () => {
    await world.registry.createRepository('unused')
    await world.play({ bakeFailsOnce: { at: 'worker', text: transient } })
    const ports = buildPorts(world.docker, {
      clock: { ...world.ports.clock, sleep: () => Promise.resolve() },
    })
    const published = await publishImages(await plan(), session(), ports)
    expect(published).toHaveLength(2)
    const calls = await world.bakes()
    expect(calls.map((argv) => argv.slice(argv.indexOf('--') + 1))).toEqual([
      ['web', 'worker'],
      ['worker'],
    ])
  })

  it('is told with the failing step, as a build is', async () => {
    const text =
      '#9 [worker 2/2] RUN false\n#9 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1\nERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1'
    await world.play({ bakeFailsOnce: { at: 'worker', text } })
    await expect(publish(await plan())).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('[worker 2/2] RUN false'),
    })
  })
})

describe('what is told of several images', () => {
  const transient =
    'ERROR: failed to solve: failed to do request: Head "https://x": read: connection reset by peer'
  const progress = ['#5 [web 2/3] RUN a', '#5 CACHED', '#6 [worker 2/2] RUN b', '#6 DONE 1.0s']

  it('is the metadata of all, also of those that an earlier go pushed', async () => {
    await world.play({ bakeFailsOnce: { at: 'worker', text: transient } })
    const ports = buildPorts(world.docker, {
      clock: { ...world.ports.clock, sleep: () => Promise.resolve() },
    })
    const published = await publishImages(await plan(), session(), ports)
    expect(await world.bakes()).toHaveLength(2)
    expect(JSON.parse(ports.report.facts.metadata ?? '')).toEqual({
      web: { 'containerimage.digest': published[0]?.image.digest },
      worker: { 'containerimage.digest': published[1]?.image.digest },
    })
  })

  it('is one share of cached steps for the call, and none for each image', async () => {
    await world.play({ progress })
    await publish(await plan())
    expect(world.ports.report.lines).toContain('1 of 2 build steps came from a cache')
    expect(imageSection(world.ports.report.facts)).not.toContain('steps from a cache')
  })

  it('is the share of the image where the call built that alone', async () => {
    const { web } = printed.target
    await world.play({
      progress,
      bake: { group: { default: { targets: ['web'] } }, target: { web } },
    })
    await publish(await plan())
    const section = imageSection(world.ports.report.facts)
    expect(section).toContain('(1 of 2 steps from a cache)')
  })
})

describe('bake files that are refused', () => {
  it('before anything is built, with everything that is wrong', async () => {
    await world.play({
      bake: {
        group: { default: { targets: ['web', 'worker'] } },
        target: {
          web: { ...printed.target.web, output: ['type=local,dest=/tmp'] },
          worker: { ...printed.target.worker, tags: ['ghcr.io/evil/worker:1'] },
        },
      },
    })
    await expect(plan()).rejects.toMatchObject({
      code: 'bake-refused',
      message: expect.stringMatching(/target "web": output .*target "worker": tag "ghcr/),
    })
    expect(await world.bakes()).toEqual([])
  })

  it.each([
    ['a host that only looks like ECR', `${registryHost}.evil.example`],
    ['an account that is none of ours', '999999999999.dkr.ecr.us-east-1.amazonaws.com'],
  ])('because a tag is on %s', async (_what, host) => {
    const web = { ...printed.target.web, tags: [`${host}/web:1`] }
    await world.play({ bake: { ...printed, target: { ...printed.target, web } } })
    await expect(plan()).rejects.toMatchObject({
      code: 'bake-refused',
      message: expect.stringContaining(host),
    })
    expect((await world.docker.calls()).map(({ argv }) => argv[0])).not.toContain('login')
  })

  it('because buildx does not take them', async () => {
    await world.play({ bakePrintError: 'ERROR: failed to find target nope' })
    await expect(plan({}, { targets: ['nope'] })).rejects.toMatchObject({
      code: 'bake-unreadable',
      message: expect.stringContaining('failed to find target nope'),
    })
  })

  it('because buildx says more of them than is read', async () => {
    await world.play({ bake: { target: { web: { description: 'x'.repeat(1024 * 1024) } } } })
    await expect(plan()).rejects.toMatchObject({
      code: 'bake-unreadable',
      message: expect.stringContaining('compose.yaml is longer than 1 MiB'),
    })
  })

  it('because their tags are in an account that is not allowed', async () => {
    const inputs = bakedRelease()
    const foreign = {
      ...inputs,
      identity: { ...inputs.identity, allowedAccountIds: ['999999999999'] },
    }
    await expect(
      planBakedRelease(foreign, inputs.build.bake, session(), world.ports),
    ).rejects.toMatchObject({ code: 'bake-refused' })
  })
})
