import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { createEcr } from '../../../src/adapters/aws/ecr.ts'
import { parseDigest } from '../../../src/core/image/digest.ts'
import { contentDigest } from '../../../src/core/image/content/verify.ts'
import type { Ecr } from '../../../src/ports/ecr.ts'
import { digestOf } from '../../../simulator/ecr/store/digest.ts'
import { layeredImage, pushLone } from '../../support/layered-image.ts'
import { openRegistry, type TestRegistry } from '../../support/test-registry.ts'

const app = { name: 'team/app', accountId: '123456789012' }
const content = Buffer.from('an archive')
const image = layeredImage('linux/amd64', [
  { content, instruction: 'COPY . /', stored: content, mediaType: 'x.tar' },
])
const layer = parseDigest(digestOf(content))
const never = new AbortController().signal

let registry: TestRegistry
let ecr: Ecr
beforeEach(async () => {
  registry = await openRegistry()
  ecr = createEcr(registry.settings)
  await registry.createRepository('team/app')
  await pushLone(registry, image)
})
afterEach(async () => registry.close())

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

describe('readBlob', () => {
  it('reads a blob whole, without the login of the registry', async () => {
    expect(text(await ecr.readBlob(app, layer, 10, never))).toBe('an archive')
  })

  it('stops at a blob that is larger than it may be', async () => {
    await expect(ecr.readBlob(app, layer, 9, never)).rejects.toMatchObject({ code: 'TooLarge' })
  })

  it('tells a blob that is not there by failing', async () => {
    await expect(ecr.readBlob(app, contentDigest('none'), 9, never)).rejects.toMatchObject({
      name: 'AwsFailure',
      code: 'LayersNotFoundException',
    })
  })

  it('fails with the missing permission', async () => {
    const stranger = createEcr(registry.settingsOfStranger)
    await expect(stranger.readBlob(app, layer, 9, never)).rejects.toMatchObject({
      operation: 'GetDownloadUrlForLayer',
      denied: true,
    })
  })

  it.each([
    ['refuses', { status: 403 }, 'UnexpectedAnswer'],
    ['is not reached', { reset: 'before' }, 'ECONNRESET'],
    ['breaks off', { truncate: 3 }, 'ECONNRESET'],
  ] as const)('fails where the store %s, and names no URL', async (_how, effect, code) => {
    registry.simulator.faults.add([{ call: 'layers:GetObject', ...effect }])
    const reading = ecr.readBlob(app, layer, 10, never)
    const failure: unknown = await reading.catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'AwsFailure', service: 'S3', code })
    expect(String(failure)).not.toMatch(/http|Signature/)
  })

  it('ends when the run is aborted', async () => {
    const abort = new AbortController()
    abort.abort(new Error('cancelled'))
    await expect(ecr.readBlob(app, layer, 10, abort.signal)).rejects.toThrow()
  })
})

describe('readTail', () => {
  it('reads the last bytes and asks for no others', async () => {
    expect(text(await ecr.readTail(app, layer, 4, never))).toBe('hive')
    const [asked, ...more] = registry.simulator.requests.list('layers')
    expect(asked).toMatchObject({ status: 206, input: { range: 'bytes=-4' } })
    expect(more).toEqual([])
  })
})
