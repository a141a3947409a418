import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { createEcr } from '../../src/adapters/aws/ecr.ts'
import type { Digest } from '../../src/core/image/digest.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { ImageSizes } from '../../src/core/image/content/sizes.ts'
import { measureImage } from '../../src/stages/publish/measure-image.ts'
import {
  layeredImage,
  pushLayered,
  pushLone,
  storedBytes,
  type TestLayer,
} from '../support/layered-image.ts'
import { ScanWorld } from '../support/scan-world.ts'

const base: TestLayer = { content: Buffer.alloc(50_000, 'base'), instruction: 'ADD rootfs.tar /' }
const modules: TestLayer = {
  content: randomBytes(200_000),
  instruction: 'RUN |1 TOKEN=s3cret /bin/sh -c npm ci # buildkit',
}
const source: TestLayer = { content: Buffer.alloc(1000), instruction: 'COPY . /app # buildkit' }
const amd64 = layeredImage('linux/amd64', [base, modules, source])
const arm64 = layeredImage('linux/arm64', [base, source])

let world: ScanWorld
beforeEach(async () => {
  world = await ScanWorld.create()
})
afterEach(async () => world.registry.close())

const pushBoth = () => pushLayered(world.registry, { 'linux/amd64': amd64, 'linux/arm64': arm64 })

async function measure(
  image: PushedImage,
  running?: Digest,
  settings = world.registry.settings,
): Promise<ImageSizes | undefined> {
  return await measureImage(image, running, createEcr(settings), world.ports)
}

describe('an image', () => {
  it('has the sizes of each platform, and its biggest layers by what made them', async () => {
    const sizes = await measure(await pushBoth())
    expect(sizes?.platforms).toEqual([
      {
        ...{ platform: 'linux/amd64', digest: amd64.digest },
        ...{ compressedBytes: storedBytes(amd64), unpackedBytes: 251_000, layerCount: 3 },
        biggestLayers: [
          { sizeBytes: gzipSync(modules.content).length, instruction: 'RUN npm ci' },
          { sizeBytes: gzipSync(base.content).length, instruction: 'ADD rootfs.tar /' },
          { sizeBytes: gzipSync(source.content).length, instruction: 'COPY . /app' },
        ],
        changeBytes: undefined,
      },
      expect.objectContaining({ platform: 'linux/arm64', unpackedBytes: 51_000, layerCount: 2 }),
    ])
    expect(world.ports.report.everything).toBe('')
  })

  it('counts in the registry what platforms share once, and reads it once', async () => {
    const sizes = await measure(await pushBoth())
    const shared = gzipSync(base.content).length + gzipSync(source.content).length
    expect(sizes?.storedBytes).toBe(storedBytes(amd64) + storedBytes(arm64) - shared)
    const tails = world.registry.simulator.requests
      .list('layers')
      .filter(({ input }) => JSON.stringify(input).includes('bytes=-4'))
    expect(tails).toHaveLength(3)
  })

  it('agrees with what ECR itself counts', async () => {
    const image = await pushBoth()
    const { registry } = world.registry.simulator.ecr
    const repository = registry.repository('team/app')
    const counted = image.platforms.map(({ digest }) => {
      const found = repository.find(digest)
      return found === undefined ? undefined : repository.sizeOf(found.manifest)
    })
    const sizes = await measure(image)
    expect(sizes?.platforms.map(({ compressedBytes }) => compressedBytes)).toEqual(counted)
  })

  it('is compared with what runs now, platform by platform', async () => {
    const running = await pushLayered(world.registry, {
      'linux/amd64': layeredImage('linux/amd64', [base]),
    })
    const sizes = await measure(await pushBoth(), running.digest)
    const before = running.platforms[0]?.sizeBytes ?? 0
    expect(sizes?.platforms.map(({ changeBytes }) => changeBytes)).toEqual([
      storedBytes(amd64) - before,
      undefined,
    ])
  })

  it('is not compared with what is gone from the registry', async () => {
    const gone: Digest = `sha256:${'0'.repeat(64)}`
    expect((await measure(await pushBoth(), gone))?.platforms[0]?.changeBytes).toBeUndefined()
  })

  it('without an index is measured by its manifest', async () => {
    const sizes = await measure(await pushLone(world.registry, arm64))
    expect(sizes?.platforms).toMatchObject([
      { platform: undefined, digest: arm64.digest, unpackedBytes: 51_000 },
    ])
  })
})

describe('an unpacked size', () => {
  it.each([
    ['zstd', { ...source, mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd' }],
    [
      'several gzip members',
      {
        ...modules,
        stored: Buffer.concat([gzipSync(modules.content), gzipSync(Buffer.alloc(0))]),
      },
    ],
  ])('is unknown with a layer of %s', async (_what, layer: TestLayer) => {
    const image = layeredImage('linux/amd64', [base, layer])
    const sizes = await measure(await pushLayered(world.registry, { 'linux/amd64': image }))
    expect(sizes?.platforms[0]).toMatchObject({ unpackedBytes: undefined, layerCount: 2 })
  })

  it('of an uncompressed layer is its own', async () => {
    const plain: TestLayer = {
      ...source,
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      stored: source.content,
    }
    const image = layeredImage('linux/amd64', [plain])
    const sizes = await measure(await pushLayered(world.registry, { 'linux/amd64': image }))
    expect(sizes?.platforms[0]?.unpackedBytes).toBe(1000)
  })
})

describe('what cannot be read', () => {
  it('is said in one warning where the permission is missing; the rest is told', async () => {
    const image = await pushBoth()
    const settings = world.registry.settingsOf(['ecr:BatchGetImage'])
    const sizes = await measure(image, undefined, settings)
    expect(sizes?.platforms[0]).toMatchObject({
      compressedBytes: storedBytes(amd64),
      unpackedBytes: undefined,
      biggestLayers: [{ instruction: undefined }, {}, {}],
    })
    expect(world.ports.report.warnings).toHaveLength(1)
    expect(world.ports.report.warnings[0]).toContain('ecr:GetDownloadUrlForLayer')
  })

  it('is a detail where the store does not answer as it should', async () => {
    const image = await pushBoth()
    world.registry.simulator.faults.add([{ call: 'layers:GetObject', status: 403 }])
    const sizes = await measure(image)
    expect(sizes?.platforms[0]).toMatchObject({ unpackedBytes: undefined, layerCount: 3 })
    const { details, warnings } = world.ports.report
    expect(warnings).toEqual([])
    expect(details[0]).toMatch(/^ecr:GetDownloadUrlForLayer: .*the store answered 403$/)
  })

  it('is everything where not even the manifests may be read', async () => {
    const image = await pushBoth()
    const { settingsOfStranger } = world.registry
    expect(await measure(image, image.digest, settingsOfStranger)).toBeUndefined()
  })

  it('ends with the run', async () => {
    const image = await pushBoth()
    world.abort.abort(new Error('cancelled'))
    await expect(measure(image)).rejects.toThrow('cancelled')
  })
})
