import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { Registry } from '../../simulator/ecr/store/registry.ts'
import type { Repository } from '../../src/core/image/repository/repository.ts'
import type { ImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { ActionError } from '../../src/core/errors/action-error.ts'
import { toPushedImage } from '../../src/core/image/content/registry-image.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import { readImage } from '../../src/stages/aws/read-image.ts'
import { readOwnPlatform } from '../../src/stages/aws/read-own-platform.ts'
import { imageOf } from '../simulator/ecr/image.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { commit } from '../support/run-context.ts'
import { SimulatedClock } from '../support/simulated-clock.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'
import { publishImages } from '../../src/stages/publish/publish-images.ts'

const tag = `sha-${commit}`
const elsewhere: Repository = {
  registry: {
    host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    accountId: '123456789012',
    region: 'eu-west-1',
  },
  name: 'team/app',
}

let registry: TestRegistry
let docker: RecordingDocker
let ports: BuildPorts
let far: Registry
beforeEach(async () => {
  registry = await openRegistry()
  registry.simulator.iam.furtherRegions.add('eu-west-1')
  far = registry.simulator.ecr.open({ region: 'eu-west-1' })
  docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
  ports = buildPorts(docker, { clock: new SimulatedClock(registry.clock) })
  await registry.createRepository('team/app', 'IMMUTABLE_WITH_EXCLUSION', ['1.2'])
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

const publish = async (differences: Partial<ImagePlan> = {}) => {
  const copies = [{ repository: elsewhere, existing: undefined }]
  const plan = { ...imagePlan({ copies, movingTags: ['1.2'] }), ...differences } as ImagePlan
  const [published] = await publishImages([plan], sessionOf(registry.settings), ports)
  if (published === undefined) throw new TypeError('one plan gave no image')
  return published
}
const scenario = () => ({ registryUrl: registry.simulator.registry.url })
const tokensAsked = () => registry.simulator.requests.list('ecr', 'GetAuthorizationToken').length
const copiesAsked = async () =>
  (await docker.calls()).flatMap(({ argv }) => (argv[1] === 'imagetools' ? [argv.join(' ')] : []))

/** A lone manifest in the source, as an earlier run has found it. */
async function pushLone(): Promise<PushedImage> {
  const lone = imageOf('linux/arm64')
  await registry.client.push('team/app', lone, tag)
  const { repository, commit: of, version } = imagePlan()
  const ecr = sessionOf(registry.settings).ecr(repository.registry)
  const read = await readImage(ecr, repository, { tag })
  if (read === undefined) throw new TypeError('it was pushed')
  const whole = await readOwnPlatform(read, repository, ecr, ports)
  return toPushedImage(whole, { repository, tags: [tag], version, commit: of, reused: true })
}
const farTags = () => Object.fromEntries(far.repository('team/app').tags)

describe('an image that goes to several repositories', () => {
  it('is built once, and lies in the other with the same digest, platforms and tags', async () => {
    far.create('team/app', { tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['1.2'] })
    const { image, copies } = await publish()
    const { digest } = image
    expect(farTags()).toEqual({ [tag]: digest, '1.2.3': digest, '1.2': digest })
    expect(copies[0]).toMatchObject({ digest, repository: elsewhere, platforms: image.platforms })
    expect(image.copies).toEqual([elsewhere])
    const verbs = await docker.verbs()
    expect(verbs.filter((verb) => verb === 'build')).toHaveLength(1)
    expect(ports.report.facts.image?.repository.registry.region).toBe('us-east-1')
  })

  it('is copied by digest on both sides, with one password for each region', async () => {
    far.create('team/app')
    const { image } = await publish()
    const calls = await docker.calls()
    const copy = calls.find(({ argv }) => argv[1] === 'imagetools')
    expect(copy?.argv.slice(2)).toEqual([
      'create',
      `--tag=${elsewhere.registry.host}/team/app@${image.digest}`,
      `123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app@${image.digest}`,
    ])
    expect(await docker.leftovers()).toEqual([])
    // Password and its form for docker, of each region.
    expect(ports.report.masks).toHaveLength(4)
  })

  it('is told where it is when the copy fails, and no tag moves anywhere', async () => {
    await expect(publish()).rejects.toMatchObject({ code: 'copy-failed' })
    const source = registry.simulator.ecr.registry.repository('team/app')
    expect([...source.tags.keys()].toSorted()).toEqual(['1.2.3', tag])
    expect(ports.report.everything).toContain(
      `published before the failure: 123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app@${source.digestOfTag(tag) ?? ''}, tagged ${tag}, 1.2.3`,
    )
    expect(ports.report.facts.image?.tags).toEqual([tag, '1.2.3'])
  })

  it('is only copied where the source has it already', async () => {
    far.create('team/app')
    const first = await publish({ copies: [] })
    const second = await publish({ existing: { ...first.image, reused: true } })
    expect(second.copies[0]?.digest).toBe(first.image.digest)
    expect((await docker.verbs()).filter((verb) => verb === 'build')).toHaveLength(1)
    expect(farTags()).toMatchObject({ [tag]: first.image.digest })
  })

  it('keeps a moving tag of one repository that names a newer version there', async () => {
    far.create('team/app')
    const newer = await publish({ version: '1.2.4', identityTags: ['1.2.4'] })
    const { image, copies } = await publish({ copies: [], movingTags: [] })
    expect(copies).toEqual([])
    await publish({ existing: image, version: '1.2.3' })
    expect(farTags()).toMatchObject({ '1.2': newer.image.digest, '1.2.3': image.digest })
    expect(ports.report.everything).toContain(`kept ${elsewhere.registry.host}/team/app:1.2`)
  })

  it('tries a copy again whose registry had trouble', async () => {
    far.create('team/app')
    // Three are pushed by the build: two platforms and their attestation.
    const request = 'PUT /v2/team/app/manifests/sha256:*'
    registry.simulator.faults.add([{ request, nth: 4, status: 503 }])
    const { copies } = await publish()
    expect(copies).toHaveLength(1)
  })

  it.each([
    [0, 1, 'copy-failed'],
    [3, 4, 'copy-failed'],
    [4, 5, undefined],
  ])('is tried again %i times, as the user allows', async (retries, goes, code) => {
    far.create('team/app')
    const existing = (await publish({ copies: [] })).image
    const request = 'PUT /v2/team/app/manifests/sha256:*'
    registry.simulator.faults.add([{ request, first: 4, status: 503 }])
    const ended = publish({ existing, retries })
    if (code === undefined) await ended
    else await expect(ended).rejects.toMatchObject({ code })
    expect(await copiesAsked()).toHaveLength(goes)
  })

  it('is told to be too many where the other repository is full', async () => {
    far.create('team/app')
    const existing = (await publish({ copies: [] })).image
    const text = 'ERROR: denied: The maximum allowed number of images has been reached'
    await docker.play({ ...scenario(), copyError: text })
    await expect(publish({ existing })).rejects.toMatchObject({
      code: 'aws-refused',
      remedy: expect.stringContaining('L-03A36CE1'),
    })
  })

  it('of one platform without attestations is copied as the lone manifest that it is', async () => {
    far.create('team/app')
    const existing = await pushLone()
    const { image, copies } = await publish({ platforms: ['linux/arm64'], existing })
    expect(copies[0]).toMatchObject({ digest: image.digest, platforms: image.platforms })
    expect(await copiesAsked()).toEqual([expect.stringContaining('--prefer-index=false')])
  })

  it('is copied by a buildx that has no flag for lone manifests, which wraps them', async () => {
    await docker.play({ ...scenario(), buildxVersion: 'v0.13.1' })
    far.create('team/app')
    const existing = await pushLone()
    const { image, copies } = await publish({ platforms: ['linux/arm64'], existing })
    expect(copies[0]?.digest).toBe(image.digest)
    expect(farTags()).toMatchObject({ [tag]: image.digest })
    expect(await copiesAsked()).toHaveLength(2)
    expect(ports.report.warnings).toEqual([])
  })

  it('gets new passwords where the login ends during the copy', async () => {
    far.create('team/app')
    const existing = (await publish({ copies: [] })).image
    const body = 'Your authorization token has expired. Reauthenticate and try again.'
    const request = 'PUT /v2/team/app/manifests/sha256:*'
    registry.simulator.faults.add([{ request, first: 1, status: 403, body }])
    const before = tokensAsked()
    const { copies } = await publish({ existing })
    expect(copies[0]?.digest).toBe(existing.digest)
    // Two regions at first, and both anew.
    expect(tokensAsked() - before).toBe(4)
    expect(ports.report.warnings.join()).toContain('trying again')
  })

  it('gets new passwords once: a login that goes on being refused is none that ended', async () => {
    far.create('team/app')
    const existing = (await publish({ copies: [] })).image
    const body = 'Your authorization token has expired. Reauthenticate and try again.'
    const request = 'PUT /v2/team/app/manifests/sha256:*'
    registry.simulator.faults.add([{ request, every: 1, status: 403, body }])
    const before = tokensAsked()
    await expect(publish({ existing })).rejects.toBeInstanceOf(ActionError)
    expect([tokensAsked() - before, (await copiesAsked()).length]).toEqual([4, 2])
  })

  it('that is denied is told with the permissions that it takes, and not tried again', async () => {
    const existing = (await publish({ copies: [] })).image
    const text =
      'ERROR: unexpected status from POST request to https://x/v2/team/app/blobs/uploads/: 403 Forbidden\n' +
      'denied: User: arn:aws:iam::1:user/a is not authorized to perform: ecr:InitiateLayerUpload'
    await docker.play({ ...scenario(), copyError: text })
    const denied = await publish({ existing }).catch((error: unknown) => error)
    expect(denied).toMatchObject({ code: 'access-denied' })
    expect(denied instanceof ActionError && denied.remedy).toContain('ecr:InitiateLayerUpload')
    expect(await copiesAsked()).toHaveLength(1)
  })

  it('is pushed to a repository that the run makes first', async () => {
    const settings = {
      mutability: undefined,
      scanOnPush: false,
      encryption: { type: 'AES256', kmsKey: undefined },
      lifecyclePolicy: undefined,
      repositoryPolicy: undefined,
      tags: {},
    } as const
    const mutability = { tagMutability: 'IMMUTABLE', exclusionFilters: [] } as const
    const creation = { kind: 'create', repository: elsewhere, settings, mutability } as const
    const { image } = await publish({ creates: [creation], movingTags: [] })
    expect(far.repository('team/app').settings.tagMutability).toBe('IMMUTABLE')
    expect(farTags()).toEqual({ [tag]: image.digest, '1.2.3': image.digest })
  })
})
