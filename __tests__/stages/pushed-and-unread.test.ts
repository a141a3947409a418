import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { renderOutputs } from '../../src/core/report/outputs.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { imagePlan } from '../support/image-plan.ts'
import { publishOne } from '../support/publish-one.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { commit } from '../support/run-context.ts'
import { openRegistry, sessionOf, type TestRegistry } from '../support/test-registry.ts'

const tag = `sha-${commit}`
const uri = '123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app'

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

const publish = (identityTags: readonly string[] = [tag]) =>
  publishOne(imagePlan({ identityTags }), sessionOf(registry.settings), ports)
const told = (): readonly string[] =>
  ports.report.lines.filter((line) => line.startsWith('published before the failure'))
const outputs = () => {
  const end = { outcome: 'failed', changed: false, verified: false, error: undefined } as const
  return Object.fromEntries(renderOutputs(end, ports.report.facts, {}))
}

describe('an image that is pushed and cannot be read back', () => {
  beforeEach(() => registry.simulator.faults.add([{ call: 'ecr:BatchGetImage', status: 500 }]))

  it('is told with the tag that it was pushed under, in the log and in the outputs', async () => {
    await expect(publish()).rejects.toMatchObject({ code: 'aws-unavailable' })
    const stored = registry.simulator.ecr.registry.repository('team/app')
    const digest = stored.digestOfTag(tag) ?? 'none'
    expect(told()).toEqual([
      `published before the failure: ${uri}@${digest}, tagged ${tag}, not read back`,
    ])
    expect(outputs()).toMatchObject({
      ...{ image: `${uri}@${digest}`, digest, tags: JSON.stringify([tag]), version: '1.2.3' },
      registry: '123456789012.dkr.ecr.us-east-1.amazonaws.com',
    })
    expect(outputs()).not.toHaveProperty('platforms')
  })

  it('is told without a tag where it was pushed by digest', async () => {
    await expect(publish([])).rejects.toMatchObject({ code: 'aws-unavailable' })
    expect(told()).toEqual([expect.stringMatching(/@sha256:\w+, without a tag, not read back$/)])
  })
})

it('is not told twice once it is read back', async () => {
  const full = { call: 'ecr:PutImage', error: 'LimitExceededException' }
  registry.simulator.faults.add([full])
  await expect(publish([tag, '1.2.3'])).rejects.toMatchObject({ code: 'aws-refused' })
  expect(told()).toEqual([expect.stringMatching(new RegExp(`, tagged ${tag}$`))])
})
