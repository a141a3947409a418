import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { dryRun, planned } from '../support/dry-run.ts'
import { PipelineWorld } from '../support/pipeline-world.ts'
import { registryHost } from '../support/test-registry.ts'

const release = { repository: 'new/web', cluster: 'main', service: 'web' }

let world: PipelineWorld
beforeEach(async () => {
  world = await PipelineWorld.create()
  world.simulator.ecr.registry.templates.push({
    ...{ prefix: 'new', appliedFor: ['CREATE_ON_PUSH'] },
    settings: { tagMutability: 'IMMUTABLE' },
  })
})
afterEach(async () => {
  await world.close()
})

describe('a repository that is missing and covered by a creation template', () => {
  it('is made by the push of a release, as the template says, and by no call of ours', async () => {
    const run = await world.run({ ...release, 'wait-for-minutes': '30' })
    expect(run.error).toBeUndefined()
    expect(run.end?.outcome).toBe('deployed')
    const made = world.simulator.ecr.registry.repository('new/web')
    expect(made.settings.tagMutability).toBe('IMMUTABLE')
    expect(made.digestOfTag(`sha-${world.commit}`)).toMatch(/^sha256:/)
    expect(run.asked).not.toContain('ecr:CreateRepository')
    expect(run.ports.report.everything).toContain('the creation template "new" covers it')
  })

  it('is planned so by a dry run, which names the permission that the push needs', async () => {
    const repository = `${registryHost}/new/web`
    const { plan, everything } = planned(await dryRun(world, { ...release, repository }))
    expect(plan.unprovenPermissions).toContain('ecr:CreateRepository')
    expect(everything).toContain('by the creation template "new"')
    expect(world.simulator.ecr.registry.find('new/web')).toBeUndefined()
  })
})
