import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { parseDigest } from '../../src/core/image/digest.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { BuiltImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { inspectRepository } from '../../src/stages/preflight/inspect-repository.ts'
import { addTags } from '../../src/stages/publish/add-tags.ts'
import { moveTags } from '../../src/stages/publish/move-tags.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { commit } from '../support/run-context.ts'
import { openRegistry, pushImage, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const tag = `sha-${commit}`
const versionKey = 'org.opencontainers.image.version'

let registry: TestRegistry
let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  registry = await openRegistry()
  docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
  ports = buildPorts(docker)
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

const publish = (differences: Partial<BuiltImagePlan>, settings = registry.settings) =>
  publishOne(imagePlan(differences), sessionOf(settings), ports)

/** What a tag names in the registry itself. */
async function named(name: string): Promise<string | undefined> {
  const identityTags = [name]
  const facts = await inspectRepository(
    { name: 'team/app' },
    { identityTags, movingTags: [] },
    sessionOf(registry.settings),
    ports,
  )
  return facts.existing.get(name)?.digest
}

/** An image of `version` under `tags`, as an earlier run or somebody else left it. */
async function earlier(version: string | undefined, tags: readonly string[]): Promise<string> {
  const annotations = version === undefined ? {} : { [versionKey]: version }
  let digest = ''
  for (const each of tags) {
    digest = (await pushImage(registry, 'team/app', each, { salt: tags.join(), annotations }))
      .digest
  }
  return digest
}

describe('moving tags', () => {
  it('are put on last, on the digest that was read back', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE_WITH_EXCLUSION', ['latest', '1'])
    const old = await earlier('1.2.2', ['latest', '1.2.2'])
    const image = await publish({ movingTags: ['1', 'latest'] })
    expect(image.tags).toEqual([tag, '1.2.3', '1', 'latest'])
    expect([await named('1'), await named('latest')]).toEqual([image.digest, image.digest])
    expect(await named('1.2.2')).toBe(old)
    expect(ports.report.facts.image).toEqual(image)
    const told = ports.report.lines.filter((line) => /^(pushed|tagged|moved)/.test(line))
    expect(told.map((line) => line.split(' ', 1).join(''))).toEqual([
      'pushed',
      'tagged',
      'moved',
      'moved',
    ])
    expect(ports.report.warnings).toEqual([])
  })

  it.each<[string, string | undefined, readonly string[]]>([
    ['its annotation', '2.0.0', ['latest']],
    ['its version tag', undefined, ['latest', '2.0.0', 'blue']],
    ['the tag of a release with a leading v', undefined, ['latest', 'v2.0.0']],
    ['a later release of the same commit', '1.0.0', ['latest', '1.0.0', '2.0.0']],
  ])('do not go back from an image that is newer by %s', async (_how, version, tags) => {
    await registry.createRepository('team/app')
    const newer = await earlier(version, tags)
    const image = await publish({ movingTags: ['latest', '1.2'] })
    expect(await named('latest')).toBe(newer)
    expect(image.tags).toEqual([tag, '1.2.3', '1.2'])
    expect(ports.report.warnings).toEqual([
      expect.stringContaining('/team/app:latest: it names 2.0.0, newer than 1.2.3'),
    ])
  })

  it.each<[string, string, string | undefined, readonly string[]]>([
    ['1.9.1', '2.0', '2.0', ['latest']],
    ['1.9.1', '2.0', undefined, ['latest', '2.0']],
    ['1.2.3', '1.2.3.post1', '1.2.3.post1', ['latest']],
    ['1.2.3', '1.2.3.post1', undefined, ['latest', '1.2.3.post1']],
  ])('of Python version %s do not go back from %s', async (own, newer, version, tags) => {
    await registry.createRepository('team/app')
    const kept = await earlier(version, tags)
    await publish({
      ...{ version: own, versionScheme: 'pep440', identityTags: [tag, own] },
      movingTags: ['latest'],
    })
    expect(await named('latest')).toBe(kept)
    expect(ports.report.warnings.join()).toContain(`it names ${newer}, newer than ${own}`)
  })

  it('of a Python version move from the date of a nightly build, which is no version', async () => {
    await registry.createRepository('team/app')
    await earlier(undefined, ['latest', '20261122', '417'])
    const image = await publish({ versionScheme: 'pep440', movingTags: ['latest'] })
    expect(await named('latest')).toBe(image.digest)
  })

  it('know a version by the prefix and suffix that the rules give it', async () => {
    await registry.createRepository('team/app')
    const newer = await earlier(undefined, ['app-latest-slim', 'app-2.0.0-slim'])
    await earlier(undefined, ['app-1-slim', 'app-1.2.0-slim', '9.9.9'])
    const identityTags = [tag, 'app-1.2.3-slim'] as const
    const image = await publish({ identityTags, movingTags: ['app-1-slim', 'app-latest-slim'] })
    expect(image.tags).toEqual([...identityTags, 'app-1-slim'])
    expect(await named('app-latest-slim')).toBe(newer)
  })

  it.each<[string, string | undefined, readonly string[]]>([
    ['says the same version', '1.2.3', ['latest']],
    ['says an older version', '1.2.3-rc.9', ['latest']],
    ['says no version', undefined, ['latest', 'main']],
  ])('move from an image that %s', async (_how, version, tags) => {
    await registry.createRepository('team/app')
    await earlier(version, tags)
    const image = await publish({ movingTags: ['latest'] })
    expect(await named('latest')).toBe(image.digest)
  })

  it.each(['2.0.0', 'v2.0.0'])('compare v1.2.3 with %s', async (other) => {
    await registry.createRepository('team/app')
    const newer = await earlier(undefined, ['latest', other])
    await publish({ identityTags: [tag, 'v1.2.3'], movingTags: ['latest'] })
    expect(await named('latest')).toBe(newer)
  })

  it('move with a commit that has no version, whatever they name', async () => {
    await registry.createRepository('team/app')
    await earlier('2.0.0', ['main'])
    const image = await publish({
      ...{ version: commit, versionScheme: undefined, identityTags: [tag] },
      movingTags: ['main'],
    })
    expect(await named('main')).toBe(image.digest)
  })

  it('are not written again where they name the image already', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    const first = await publish({ movingTags: ['latest'] })
    const existing: PushedImage = { ...first, tags: [tag, '1.2.3'], reused: true }
    const readOnly = registry.settingsOf(['ecr:BatchGetImage'])
    const again = await publish({ existing, movingTags: ['latest'] }, readOnly)
    expect(again).toEqual({ ...existing, tags: [tag, '1.2.3', 'latest'] })
  })

  it('stay where it may not be asked whether they would go back, and that is said', async () => {
    await registry.createRepository('team/app')
    const old = await earlier(undefined, ['latest', '1.0.0'])
    const image = await publish({ movingTags: [] })
    const existing: PushedImage = { ...image, reused: true }
    const settings = registry.settingsOf(['ecr:BatchGetImage', 'ecr:PutImage'])
    const again = await publish({ existing, movingTags: ['latest', 'free'] }, settings)
    expect(again.tags).toEqual([tag, '1.2.3', 'free'])
    expect(await named('latest')).toBe(old)
    expect(ports.report.warnings.join()).toContain('without the permission ecr:DescribeImages')
  })

  it('that become immutable meanwhile fail with what was published', async () => {
    await registry.createRepository('team/app', 'IMMUTABLE')
    await earlier('1.0.0', ['latest'])
    const failure = publish({ movingTags: ['1', 'latest'] })
    await expect(failure).rejects.toMatchObject({ code: 'tag-immutable' })
    expect(ports.report.facts.image?.tags).toEqual([tag, '1.2.3', '1'])
  })

  it('of an image that is gone are not put on', async () => {
    await registry.createRepository('team/app')
    const first = await publish({})
    const digest = parseDigest(`sha256:${'0'.repeat(64)}`)
    const existing: PushedImage = { ...first, digest, reused: true }
    await expect(publish({ existing, movingTags: ['latest'] })).rejects.toMatchObject({
      code: 'image-not-found',
    })
  })
})

describe('after the signal of a cancelled workflow', () => {
  const aborted = () => ({ ...ports, signal: AbortSignal.abort(new Error('cancelled')) })

  it('no tag is put on an image that is there', async () => {
    await registry.createRepository('team/app')
    const image = await publish({})
    const ecr = sessionOf(registry.settings).ecr(image.repository.registry)
    const tagging = addTags(['late'], image, ecr, aborted(), () => undefined)
    await expect(tagging).rejects.toThrow('cancelled')
    expect(await named('late')).toBeUndefined()
  })

  it('no tag moves that ECR did not take before it', async () => {
    await registry.createRepository('team/app')
    const before = await earlier('1.0.0', ['latest'])
    const image = await publish({})
    const end = new AbortController()
    const puts = () => registry.simulator.requests.list('ecr', 'PutImage').length
    const begun = puts()
    registry.simulator.faults.add([{ call: 'ecr:PutImage', status: 503, first: 1 }])
    const settings = {
      ...registry.settings,
      // So close to their end they are asked for with each attempt: the run ends before the second.
      async credentials() {
        if (puts() > begun) end.abort(new Error('cancelled'))
        const expiration = new Date(Date.now() + 60_000)
        return { ...(await registry.settings.credentials()), expiration }
      },
    }
    const ecr = sessionOf(settings).ecr(image.repository.registry)
    const ending = { ...ports, signal: end.signal }
    const plan = imagePlan({ movingTags: ['latest'] })
    await expect(moveTags(plan, image, ecr, ending, () => undefined)).rejects.toThrow('cancelled')
    expect([await named('latest'), puts()]).toEqual([before, begun + 1])
  })

  it('no tag moves', async () => {
    await registry.createRepository('team/app')
    const before = await earlier('1.0.0', ['latest'])
    const image = await publish({})
    const plan = imagePlan({ movingTags: ['latest'] })
    const ecr = sessionOf(registry.settings).ecr(image.repository.registry)
    await expect(moveTags(plan, image, ecr, aborted(), () => undefined)).rejects.toThrow(
      'cancelled',
    )
    expect(await named('latest')).toBe(before)
  })
})
