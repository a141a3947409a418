import { describe, expect, it } from '@jest/globals'

import { stage } from './stage.ts'

describe('ECS-47 behind a Classic Load Balancer', () => {
  it('ECS-47 a deployment tells no rolloutState', async () => {
    const { running, deployments } = await stage()
    const balancer = { loadBalancerName: 'web', containerName: 'app', containerPort: 80 }
    await running({ loadBalancers: [balancer] })
    const [primary] = await deployments()
    expect(primary).toMatchObject({ status: 'PRIMARY', runningCount: 2 })
    expect(primary).not.toHaveProperty('rolloutState')
    expect(primary).not.toHaveProperty('rolloutStateReason')
  })
})
