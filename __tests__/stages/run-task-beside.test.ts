import { afterEach, describe, expect, it } from '@jest/globals'

import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import type { RunTaskInputs } from '../../src/core/inputs/deploy/run-task.ts'
import { objectAt, objectsAt, stringAt, type JsonObject } from '../../src/core/json.ts'
import { planTaskBeside } from '../../src/core/plan/service/run-task-plan.ts'
import { deployServices, type Deployed } from '../../src/stages/deploy/deploy-services.ts'
import { endWithTask } from '../../src/stages/task/run-task-beside.ts'
import { EcsWorld, fromFile, inputs, taskDefinition } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'
import { usualRunTask } from '../support/run-task-inputs.ts'

let world: EcsWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

async function open(): Promise<EcsWorld> {
  world = await EcsWorld.create()
  return world
}

/** A container that works as a service and, by its command, ends as a task. */
const ends = (exitCode: number) => ({
  name: 'app',
  environment: [
    { name: 'SIMULATOR_BEHAVIOUR', value: JSON.stringify({ exitsAfterMs: 5_000, exitCode }) },
  ],
})

async function deploy(
  open: EcsWorld,
  runTask: Partial<RunTaskInputs>,
  differences: Partial<DeployInputs> = {},
  image = differences.taskDefinition === undefined ? pushedImage(1) : undefined,
): Promise<Deployed> {
  const asked = { ...inputs, ...differences }
  const plan = await open.plan(differences, image)
  const task = planTaskBeside({ deploy: asked, runTask: { ...usualRunTask, ...runTask } }, [plan])
  const what = { services: [plan], deployOrder: 'parallel', task } as const
  return await deployServices(what, image, open.session, open.ports)
}

async function tasks({ call }: { call: EcsWorld['call'] }): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = []
  for (const desiredStatus of ['RUNNING', 'STOPPED']) {
    const list = await call('ListTasks', { cluster: 'prod', family: 'web', desiredStatus })
    const arns = Array.isArray(list['taskArns']) ? list['taskArns'] : []
    if (arns.length === 0) continue
    const answer = await call('DescribeTasks', { cluster: 'prod', tasks: arns })
    found.push(...objectsAt(answer, 'tasks'))
  }
  return found.filter((task) => stringAt(task, 'startedBy') === 'GitHub-Actions')
}

describe('a task before the services', () => {
  it('runs the new revision in the place of the service, and the deployment follows', async () => {
    const open_ = await open()
    const overrides = { containerOverrides: [ends(0)] }
    const { services, task } = await deploy(open_, { when: 'before', ...overrides })
    expect([task?.outcome, services[0]?.outcome]).toEqual(['ran', 'deployed'])
    const [ran] = await tasks({ call: open_.call.bind(open_) })
    expect(ran).toMatchObject({
      launchType: 'FARGATE',
      taskDefinitionArn: services[0]?.taskDefinitionArn,
    })
    expect(open_.report.phases.indexOf('task')).toBeLessThan(open_.report.phases.indexOf('update'))
  })

  it('that fails leaves every service as it is, and the run is red by the task', async () => {
    const open_ = await open()
    const overrides = { containerOverrides: [ends(3)] }
    const { services, task } = await deploy(open_, { when: 'before', ...overrides })
    expect(services).toMatchObject([
      { outcome: 'skipped', changed: false, error: { code: 'service-skipped' } },
    ])
    expect([open_.requests('UpdateService'), await open_.running()]).toEqual([0, 'web:1'])
    const end = { outcome: 'skipped', changed: false, verified: false, error: undefined } as const
    expect(endWithTask(end, task)).toMatchObject({
      outcome: 'failed',
      error: { code: 'task-failed' },
    })
    expect(open_.report.facts.services).toEqual(services)
  })

  it('is not run where the services are as they shall be', async () => {
    const open_ = await open()
    open_.files.set('/workspace/td.json', JSON.stringify(taskDefinition))
    const same = { taskDefinition: fromFile('td.json') }
    const { services, task } = await deploy(open_, { when: 'before' }, same)
    expect([task, services[0]?.outcome]).toEqual([undefined, 'unchanged'])
    expect(open_.requests('RunTask')).toBe(0)
    expect(open_.report.notices.join()).toContain('the task is not run')
  })
})

describe('a task after the services', () => {
  it('runs when all are deployed', async () => {
    const open_ = await open()
    const overrides = { containerOverrides: [ends(0)] }
    const { services, task } = await deploy(open_, { when: 'after', ...overrides })
    expect([task?.outcome, services[0]?.outcome]).toEqual(['ran', 'deployed'])
    expect(open_.report.phases.indexOf('rollout')).toBeLessThan(open_.report.phases.indexOf('task'))
  })

  it('that fails makes a deployed run red', async () => {
    const open_ = await open()
    const overrides = { containerOverrides: [ends(1)] }
    const { services, task } = await deploy(open_, { when: 'after', ...overrides })
    expect(services[0]?.outcome).toBe('deployed')
    const end = { outcome: 'deployed', changed: true, verified: true, error: undefined } as const
    expect(endWithTask(end, task)).toMatchObject({
      ...{ outcome: 'failed', changed: true, verified: true },
      error: { code: 'task-failed' },
    })
  })

  it('is not run where a service is not deployed', async () => {
    const open_ = await open()
    open_.script({ 'web:2': { failsToPull: 'CannotPullContainerError: not found' } })
    const { services, task } = await deploy(open_, { when: 'after' })
    expect([task, services[0]?.outcome]).toEqual([undefined, 'failed'])
    expect(open_.requests('RunTask')).toBe(0)
  })
})

it('a plan without a task is none', async () => {
  const open_ = await open()
  const plan = await open_.plan({}, pushedImage(1))
  expect(planTaskBeside({ deploy: inputs, runTask: usualRunTask }, [plan])).toBeUndefined()
  const runTask = { ...usualRunTask, when: 'before' } as const
  const task = planTaskBeside({ deploy: { ...inputs, waitMinutes: 7 }, runTask }, [plan])
  expect(task).toMatchObject({ waitMs: 420_000, cluster: plan.current.clusterArn })
  expect(objectAt(task?.request ?? {}, 'networkConfiguration')).toEqual({
    awsvpcConfiguration: { subnets: ['subnet-1'] },
  })
  const stranger = { ...runTask, container: 'job' }
  expect(() => planTaskBeside({ deploy: inputs, runTask: stranger }, [plan])).toThrow(
    /has no container "job"; it has "app"/,
  )
})
