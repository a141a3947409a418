import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { Recorder } from '../../scripts/verify-aws/recorder.ts'
import { BundleWorld } from '../support/bundle-world.ts'

const release = { repository: 'team/web', cluster: 'main', service: 'web' }

describe('a recorded run of the bundle', () => {
  let world: BundleWorld
  let recorder: Recorder
  beforeEach(async () => {
    world = await BundleWorld.create()
    recorder = new Recorder()
  })
  afterEach(async () => {
    recorder.close()
    await world.close()
  })

  const record = async (inputs: Record<string, string> = {}) => {
    world.simulator.requests.clear()
    const environment = recorder.environment(world.virtualTime['NODE_OPTIONS'])
    const { main } = await world.run({ ...release, ...inputs }, { environment })
    return { main, exchanges: recorder.take() }
  }

  it('ends as it does without the recorder', async () => {
    const { main } = await record()
    expect(main.annotations).toEqual([])
    expect(main.outputs).toMatchObject({ outcome: 'deployed', verified: 'true' })
  })

  it('holds every call that the account saw, with what was asked and answered', async () => {
    const { exchanges } = await record()
    const calls = world.simulator.requests
      .list()
      // Layers come from S3 by URLs that are signed: no call of AWS's API, and not recorded.
      .filter(({ service }) => !['registry', 'oidc', 'layers'].includes(service))
      .map(({ service, operation, status }) => `${service}:${operation} ${String(status)}`)
    const seen = exchanges.map((each) => `${each.service}:${each.operation} ${each.status}`)
    expect([...seen].sort()).toEqual([...calls].sort())
    const update = exchanges.find(({ operation }) => operation === 'UpdateService')
    expect(update?.request).toMatchObject({ service: 'web' })
    expect(update?.response).toHaveProperty('service.serviceName', 'web')
  })

  it('holds refusals as well', async () => {
    const { exchanges } = await record({ cluster: 'mian' })
    const refused = exchanges.filter(({ status }) => status === 400)
    expect(refused.map(({ response }) => response)).toContainEqual(
      expect.objectContaining({ __type: 'ClusterNotFoundException' }),
    )
  })

  it('gives each exchange once', async () => {
    await record()
    expect(recorder.take()).toEqual([])
  })
})
