import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { parseInputs } from '../../src/core/inputs/parse-inputs.ts'
import type { ImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { planLeg } from '../../src/stages/preflight/plan-leg.ts'
import { planMerge } from '../../src/stages/preflight/plan-merge.ts'
import { planRelease } from '../../src/stages/preflight/plan-release.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { makeRepository } from '../support/git-repository.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const expressions = "at={{branch}}{{tag}} {{date 'HH:mm:ss'}}"

let registry: TestRegistry
let docker: RecordingDocker
let commit: string
beforeEach(async () => {
  registry = await openRegistry()
  docker = await RecordingDocker.prepare({ registryUrl: registry.simulator.registry.url })
  commit = makeRepository(docker.path('workspace'))
  await registry.createRepository('team/app', 'IMMUTABLE')
})
afterEach(async () => {
  await docker.remove()
  await registry.close()
})

const session = () => sessionOf(registry.settings)

function inputsOf(given: Readonly<Record<string, string>>) {
  const settings = { 'aws-region': 'us-east-1', repository: 'team/app', annotations: expressions }
  const values = { labels: expressions, ...settings, ...given }
  return parseInputs(new Map(Object.entries(values)), { region: undefined }).inputs
}

function portsAt(time: string, ref = 'refs/heads/main'): BuildPorts {
  const clock = { ...systemClock, now: () => new Date(`2026-11-22T${time}Z`) }
  return buildPorts(docker, { context: { sha: commit, ref }, clock })
}

async function release(time: string, ref: string, labels = expressions): Promise<ImagePlan> {
  const inputs = inputsOf({ mode: 'release', labels })
  if (inputs.mode !== 'release' || inputs.publish === undefined)
    throw new TypeError('it is no release')
  const [plan] = (await planRelease(inputs, session(), portsAt(time, ref))).images
  if (plan === undefined) throw new TypeError('nothing is released')
  return plan
}

async function leg(platforms: string, time: string): Promise<ImagePlan> {
  const inputs = inputsOf({ mode: 'build', platforms })
  if (inputs.mode !== 'build') throw new TypeError('it is no leg')
  return (await planLeg(inputs, session(), portsAt(time))).image
}

const publish = (plan: ImagePlan) => publishOne(plan, session(), portsAt('12:00:00'))

describe('labels and annotations with expressions', () => {
  it('leave the image of a commit to the release tag that is put on it later', async () => {
    const first = await release('10:00:00', 'refs/heads/main')
    expect(first).toMatchObject({ build: { labels: { at: 'main 10:00:00' } } })
    const { digest } = await publish(first)
    const tagged = await release('10:07:09', 'refs/tags/v1.2.3')
    expect(tagged).toMatchObject({ existing: { digest }, identityTags: [`sha-${commit}`, '1.2.3'] })
  })

  it('keep it from a run that writes others, as any label does', async () => {
    await publish(await release('10:00:00', 'refs/heads/main'))
    await expect(release('10:00:00', 'refs/heads/main', 'at={{branch}}')).rejects.toMatchObject({
      code: 'reuse-refused',
    })
  })

  it('leave legs that were built at different seconds of one build', async () => {
    const legs = [await leg('linux/amd64', '10:00:00'), await leg('linux/arm64', '10:00:03')]
    expect(legs).toMatchObject([
      { build: { annotations: { at: 'main 10:00:00' } } },
      { build: { annotations: { at: 'main 10:00:03' } } },
    ])
    const pushed = await Promise.all(legs.map(publish))
    const digests = pushed.map(({ digest }) => digest).join('\n')
    const inputs = inputsOf({ mode: 'merge', digests })
    if (inputs.mode !== 'merge') throw new TypeError('it joins nothing')
    const [joined] = (await planMerge(inputs, session(), portsAt('10:01:00'))).images
    expect(joined).toMatchObject({ existing: undefined, identityTags: [`sha-${commit}`] })
  })
})
