import { afterEach, describe, expect, it } from '@jest/globals'

import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import { inspectDefinitions } from '../../src/stages/preflight/inspect-definitions.ts'
import { registerDefinitions } from '../../src/stages/deploy/register-definitions.ts'
import { EcsWorld, fromFile, inputs, taskDefinition } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'

let world: EcsWorld
afterEach(async () => {
  await world.close()
})

const image = pushedImage(1)
const target = {
  repository: image.repository,
  platforms: image.platforms.map(({ platform }) => platform),
}

/** Without a service, with the world's task definition as a file in the workspace. */
const withoutService: DeployInputs = {
  ...{ ...inputs, services: [], taskDefinition: fromFile('td.json') },
}

async function inspect(definition: object, deploy: DeployInputs = withoutService) {
  world = await EcsWorld.create()
  world.files.set('/workspace/td.json', JSON.stringify(definition))
  return await inspectDefinitions(deploy, target, world.session, world.ports)
}

describe('a release with a task definition and no service', () => {
  it('registers it with the image, and ends registered', async () => {
    const plans = await inspect({ ...taskDefinition, family: 'job' })
    const end = await registerDefinitions(plans, image, world.session, world.ports)
    expect(end).toEqual({ outcome: 'registered', changed: true, verified: false, error: undefined })
    expect(world.report.lines).toContain('nothing runs it yet, so no digest was compared')
    expect(world.report.facts.taskDefinitionArn).toMatch(/task-definition\/job:1$/)
    const described = await world.call('DescribeTaskDefinition', { taskDefinition: 'job:1' })
    expect(JSON.stringify(described)).toContain(`registry.example.com/web@${image.digest}`)
    expect(world.requests('UpdateService')).toBe(0)
  })

  it('finds the revision that says the same, and changes nothing', async () => {
    const plans = await inspect({ ...taskDefinition, family: 'job' })
    await registerDefinitions(plans, image, world.session, world.ports)
    const end = await registerDefinitions(plans, image, world.session, world.ports)
    expect(end).toMatchObject({ outcome: 'registered', changed: false })
    expect(world.requests('RegisterTaskDefinition')).toBe(1)
  })

  it('is refused in preflight where the image has not the platform of the tasks', async () => {
    const arm = { cpuArchitecture: 'ARM64', operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }
    const definition = { ...taskDefinition, runtimePlatform: arm }
    await expect(inspect(definition)).rejects.toMatchObject({ code: 'platform-mismatch' })
    expect(world.requests('RegisterTaskDefinition')).toBe(0)
  })

  it('is refused in preflight where ECS would refuse the definition', async () => {
    const definition = { ...taskDefinition, cpu: '300' }
    await expect(inspect(definition)).rejects.toMatchObject({ code: 'task-definition-refused' })
  })

  it('has nothing to register without a task definition, or with a service', async () => {
    const none = { ...withoutService, taskDefinition: inputs.taskDefinition }
    expect(await inspect(taskDefinition, none)).toEqual([])
    await world.close()
    const served = { ...withoutService, services: inputs.services }
    expect(await inspect(taskDefinition, served)).toEqual([])
  })
})
