import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { createEcrPublic } from '../../../src/adapters/aws/ecr-public.ts'
import type { StoredManifest } from '../../../src/core/image/content/stored-manifest.ts'
import { contentDigest } from '../../../src/core/image/content/verify.ts'
import type { Ecr } from '../../../src/ports/ecr.ts'
import type { Fault } from '../../../simulator/faults/fault.ts'
import { indexOf } from '../../simulator/ecr/image.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'
import { openRegistry, type TestRegistry } from '../../support/test-registry.ts'

const app = { name: 'a1b2c3d4/app', accountId: '' }
const { text: manifest, mediaType } = indexOf({})
const stored: StoredManifest = { digest: contentDigest(manifest), mediaType, manifest }
const forever = new AbortController().signal

let registry: TestRegistry
let clock: SimulatedClock
let ecr: Ecr
let masks: string[]
beforeEach(async () => {
  registry = await openRegistry()
  registry.simulator.ecrPublic.create('app')
  clock = new SimulatedClock(registry.clock)
  masks = []
  const surroundings = { clock, mask: (secret: string) => void masks.push(secret) }
  ecr = createEcrPublic(registry.settings, surroundings, registry.simulator.url)
})
afterEach(async () => registry.close())

const fail = (verb: string, fault: Fault) => {
  registry.simulator.faults.add([{ request: `${verb} /v2/a1b2c3d4/app/manifests/*`, ...fault }])
}
const asked = (operation: string) =>
  registry.simulator.requests.list().filter((record) => record.operation === operation).length
const put = (tag: string, signal = forever) => ecr.tagImage(app, stored, tag, signal)

const passing: readonly (readonly [string, Fault])[] = [
  ['a server error', { status: 503 }],
  ['too many requests', { throttle: true }],
  ['a connection that ends before the answer', { reset: 'before' }],
]

describe('the token of ECR Public', () => {
  const tokens = () => registry.simulator.requests.list('ecr-public', 'GetAuthorizationToken')

  it('is masked in both of its forms before the registry gets it', async () => {
    const issue = registry.simulator.ecrPublic.tokens.issue.bind(
      registry.simulator.ecrPublic.tokens,
    )
    const passwords: string[] = []
    registry.simulator.ecrPublic.tokens.issue = (accessKeyId) => {
      const token = issue(accessKeyId)
      passwords.push(token.password)
      return token
    }
    await put('v1')
    const forms = passwords.flatMap((password) => [
      password,
      Buffer.from(`AWS:${password}`).toString('base64'),
    ])
    expect(forms).toHaveLength(2)
    expect(masks).toEqual(forms)
  })

  it("is asked for again a minute before it expires, by the run's own clock", async () => {
    await put('v1')
    await clock.sleep(12 * 3_600_000 - 61_000)
    await put('v2')
    expect(tokens()).toHaveLength(1)
    await clock.sleep(2_000)
    await put('v3')
    expect(tokens()).toHaveLength(2)
  })
})

describe('a manifest of ECR Public', () => {
  it.each([...passing, ['an answer that breaks off', { truncate: 10 }] as const])(
    'is read in spite of %s, three times in a row',
    async (_what, fault) => {
      await put('v1')
      fail('GET', { ...fault, first: 3 })
      const beganMs = clock.monotonicMs()
      expect(await ecr.readManifest(app, { tag: 'v1' })).toEqual(stored)
      expect(asked('BatchGetImage')).toBe(4)
      expect(clock.monotonicMs() - beganMs).toBe(7_000)
    },
  )

  it.each([...passing, ['an answer that is lost', { reset: 'after' }] as const])(
    'is put in spite of %s, three times in a row',
    async (_what, fault) => {
      fail('PUT', { ...fault, first: 3 })
      expect(await put('v1')).toBe(stored.digest)
      expect(asked('PutImage')).toBe(4)
    },
  )

  it('is given up after four answers of no use, with the last one', async () => {
    fail('GET', { status: 503 })
    await expect(ecr.readManifest(app, { tag: 'v1' })).rejects.toMatchObject({
      ...{ name: 'AwsFailure', service: 'ECR Public', operation: 'GetManifest', httpStatus: 503 },
    })
    expect(asked('BatchGetImage')).toBe(4)
  })

  it('is asked for once where the answer will not change', async () => {
    expect(await ecr.readManifest(app, { tag: 'none' })).toBeUndefined()
    fail('GET', { status: 302 })
    await expect(ecr.readManifest(app, { tag: 'v1' })).rejects.toMatchObject({ httpStatus: 302 })
    fail('PUT', { status: 403 })
    await expect(put('v1')).rejects.toMatchObject({ httpStatus: 403 })
    expect([asked('BatchGetImage'), asked('PutImage')]).toEqual([2, 1])
  })

  it('is not put again after the signal', async () => {
    fail('PUT', { status: 503 })
    const end = new AbortController()
    clock.onRest = () => end.abort(new Error('cancelled'))
    await expect(put('latest', end.signal)).rejects.toThrow('cancelled')
    expect(asked('PutImage')).toBe(1)
  })
})
