import { describe, expect, it } from '@jest/globals'

import { parseDigest } from '../../src/core/image/digest.ts'
import type {
  BakedImagePlan,
  ImagePlan,
  MergedImagePlan,
} from '../../src/core/plan/image/image-plan.ts'
import { surveyOf } from '../../src/stages/publish/survey-of.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { buildPorts } from '../support/build-ports.ts'
import { buildSettings } from '../support/build-settings.ts'
import { imagePlan } from '../support/image-plan.ts'
import { definitionSource, servicePlan } from '../support/planned-release.ts'
import { reportedImage } from '../support/report-facts.ts'
import { openRegistry, sessionOf } from '../support/test-registry.ts'

const dockerfileText = 'FROM node:22 AS build\nFROM scratch\nCOPY --from=build / /\n'
const running = parseDigest(`sha256:${'b'.repeat(64)}`)

const service = () => {
  const { registry, name } = imagePlan().repository
  const image = `${registry.host}/${name}@${running}`
  const definition = { family: 'web', containerDefinitions: [{ name: 'app', image }] }
  return servicePlan(definitionSource(definition))
}

async function survey(options: {
  readonly plan?: ImagePlan
  readonly reused?: boolean
  readonly tookMs?: number
  readonly isDeployed?: boolean
}) {
  const { plan = imagePlan({ dockerfileText }), reused = false, tookMs = 60_000 } = options
  const image = reportedImage({ repository: plan.repository, reused })
  const published = { plan, image, builder: reused ? undefined : 'ours', copies: [] }
  const services = options.isDeployed === true ? [service()] : []
  const registry = await openRegistry()
  const docker = await RecordingDocker.prepare()
  try {
    const session = sessionOf(registry.settings)
    const ports = buildPorts(docker)
    const asked = surveyOf([published], services, tookMs, session, ports)
    return { ...asked, details: ports.report.details }
  } finally {
    await docker.remove()
    await registry.close()
  }
}

describe('what is surveyed', () => {
  it.each([
    ['an image that was built', { reused: false }],
    ['one that was there and goes to a service', { reused: true, isDeployed: true }],
    [
      'one that was there whose scan is to be told',
      {
        reused: true,
        plan: imagePlan({
          gates: { maxImageSize: undefined, scan: { kind: 'report', timeoutMs: 1 } },
        }),
      },
    ],
  ])('is %s', async (_what, options) => {
    expect((await survey(options)).images).toHaveLength(1)
  })

  it('is nothing of an image that was there and goes nowhere', async () => {
    expect((await survey({ reused: true })).images).toEqual([])
  })

  it('is compared with what the service runs, where the image was there, too', async () => {
    expect((await survey({ reused: true, isDeployed: true })).images).toMatchObject([{ running }])
  })
})

describe('a builder stage', () => {
  const baked: BakedImagePlan = {
    ...imagePlan({ dockerfileText }),
    ...{ kind: 'bake', target: 'web', caches: { from: [], to: [], host: undefined } },
    bake: { targets: new Map([['web', {}]]), settings: buildSettings(), workspace: '/w' },
  }
  const merged: MergedImagePlan = {
    ...imagePlan({ dockerfileText }),
    ...{ kind: 'merge', index: { digest: running, mediaType: '', manifest: '{}' } },
  }

  it.each([
    ['of a build', imagePlan({ dockerfileText })],
    ['of a target of bake', baked],
  ])('%s is measured', async (_what, plan) => {
    const [image] = (await survey({ plan })).images
    expect(image?.measureStage).toBeDefined()
  })

  it.each([
    ['whose Dockerfile is elsewhere', imagePlan()],
    ['that is the only stage', imagePlan({ dockerfileText: 'FROM scratch\nCOPY . /\n' })],
    ['of an image that is joined of others', merged],
  ])('%s is not measured', async (_what, plan) => {
    const { details, images } = await survey({ plan, tookMs: 0 })
    const [image] = images
    expect(image).toBeDefined()
    expect(image?.measureStage).toBeUndefined()
    expect(details).toEqual([])
  })

  it.each([
    [20_000, 1_000],
    [60_000, 3_000],
    [600_000, 5_000],
  ])('that follows on %d ms of publishing has %d ms for itself', async (tookMs, budgetMs) => {
    const { images, stageBudgetMs } = await survey({ tookMs })
    expect(stageBudgetMs).toBe(budgetMs)
    expect(images[0]?.measureStage).toBeDefined()
  })

  it('is not begun where less than a second were left for it, and that is a detail', async () => {
    const { details, images } = await survey({ tookMs: 19_999 })
    expect(images).toHaveLength(1)
    expect(images[0]?.measureStage).toBeUndefined()
    expect(details).toEqual([
      'the builder stage was not measured: the run is too short to go on for it',
    ])
  })

  it('is measured beside a deployment, however short the publishing was', async () => {
    const [image] = (await survey({ tookMs: 10, isDeployed: true })).images
    expect(image?.measureStage).toBeDefined()
  })
})
