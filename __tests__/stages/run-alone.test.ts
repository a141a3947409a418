import { afterEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import { parseInputs } from '../../src/core/inputs/parse-inputs.ts'
import { objectAt, objectsAt, stringAt, type JsonObject } from '../../src/core/json.ts'
import type { RunEnd } from '../../src/core/report/run-end.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { planRun } from '../../src/stages/preflight/plan-run.ts'
import { runTask } from '../../src/stages/task/run-task.ts'
import { runAlone } from '../../src/stages/task/run-alone.ts'
import { EcsWorld } from '../support/ecs-world.ts'

let world: EcsWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

const job: JsonObject = {
  ...{ family: 'job', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
  ...{ cpu: '256', memory: '512' },
  containerDefinitions: [
    {
      name: 'work',
      image: `registry.example.com/job@sha256:${'9'.repeat(64)}`,
      environment: [{ name: 'SIMULATOR_BEHAVIOUR', value: '{"exitsAfterMs":5000}' }],
    },
  ],
}

async function open(): Promise<EcsWorld> {
  world = await EcsWorld.create()
  world.files.set('/workspace/job.json', JSON.stringify(job))
  return world
}

/** What a `with:` block in mode run comes to. */
async function run(
  open: EcsWorld,
  given: Readonly<Record<string, string>>,
  session: AwsSession = open.session,
): Promise<RunEnd> {
  const values = new Map(Object.entries({ mode: 'run', 'aws-region': 'us-east-1', ...given }))
  const { inputs } = parseInputs(values, { region: undefined })
  const plan = await planRun(inputs, open.session, open.ports)
  return await runAlone(plan, session, open.ports)
}

async function task(open: EcsWorld): Promise<JsonObject> {
  const list = { cluster: 'prod', desiredStatus: 'STOPPED', startedBy: 'GitHub-Actions' }
  const { taskArns: tasks = [] } = await open.call('ListTasks', list)
  return objectsAt(await open.call('DescribeTasks', { cluster: 'prod', tasks }), 'tasks')[0] ?? {}
}

const file = { 'task-definition': 'job.json', cluster: 'prod' }
const here = { ...file, 'run-task-subnets': 'subnet-7' }

describe('mode run', () => {
  it('registers a definition and runs it in the given place; no service is touched', async () => {
    const open_ = await open()
    const end = await run(open_, here)
    expect(end).toEqual({ outcome: 'ran', changed: false, verified: false, error: undefined })
    expect(open_.report.lines).toContain('no image was deployed, so no digest was compared')
    const ran = await task(open_)
    expect(stringAt(ran, 'taskDefinitionArn')).toMatch(/task-definition\/job:1$/)
    expect(open_.report.facts).toMatchObject({
      taskDefinitionArn: ran['taskDefinitionArn'],
      task: { arn: ran['taskArn'], exitCode: 0 },
    })
    expect([open_.requests('UpdateService'), await open_.running()]).toEqual([0, 'web:1'])
  })

  it('takes place and definition from the service', async () => {
    const open_ = await open()
    const overrides = [
      {
        name: 'app',
        environment: [{ name: 'SIMULATOR_BEHAVIOUR', value: '{"exitsAfterMs":1000}' }],
      },
    ]
    const end = await run(open_, {
      service: 'prod/web',
      'run-task-container-overrides': JSON.stringify(overrides),
    })
    expect(end.outcome).toBe('ran')
    const ran = await task(open_)
    expect(ran).toMatchObject({ launchType: 'FARGATE' })
    expect(stringAt(ran, 'taskDefinitionArn')).toMatch(/task-definition\/web:1$/)
    expect(open_.requests('RegisterTaskDefinition')).toBe(0)
  })

  it('registers what is changed of the definition', async () => {
    const open_ = await open()
    await open_.call('RegisterTaskDefinition', job)
    await run(open_, {
      ...{ 'task-definition-family': 'job', cluster: 'prod' },
      ...{ 'run-task-subnets': 'subnet-7', 'environment-variables': 'MODE=full' },
    })
    const ran = await task(open_)
    expect(stringAt(ran, 'taskDefinitionArn')).toMatch(/task-definition\/job:2$/)
    const answer = await open_.call('DescribeTaskDefinition', { taskDefinition: 'job:2' })
    const [container] = objectsAt(objectAt(answer, 'taskDefinition'), 'containerDefinitions')
    expect(objectsAt(container ?? {}, 'environment')).toContainEqual({
      ...{ name: 'MODE', value: 'full' },
    })
  })

  it('has the exit code, and nothing that goes on, where it is cancelled after the end', async () => {
    const open_ = await open()
    const [container] = objectsAt(job, 'containerDefinitions')
    const logConfiguration = {
      logDriver: 'awslogs',
      options: { 'awslogs-group': '/job', 'awslogs-stream-prefix': 'job' },
    }
    const logging = {
      ...{ ...job, executionRoleArn: 'arn:aws:iam::123456789012:role/execution' },
      containerDefinitions: [{ ...container, logConfiguration }],
    }
    open_.files.set('/workspace/job.json', JSON.stringify(logging))
    open_.clock.onRest = () => {
      // The rest between looks at the end of the log.
      const isOver = open_.report.lines.some((line) => line.endsWith(': STOPPED'))
      if (isOver) open_.abort(new ActionError('cancelled', 'the runner asked to stop', ''))
    }
    await expect(run(open_, here)).rejects.toMatchObject({ code: 'cancelled' })
    expect(open_.report.facts.task).toMatchObject({ exitCode: 0 })
    expect(open_.report.ongoing).toEqual([])
  })

  it('asks twice where the credentials cannot be had anew, and ends unknown', async () => {
    const open_ = await open()
    let looks = 0
    const session = open_.with({
      describeTasks: () => {
        looks += 1
        return Promise.reject(new ActionError('oidc-unavailable', 'no new token', 'Allow it.'))
      },
    })
    const end = await run(open_, here, session)
    expect(end).toMatchObject({ outcome: 'unknown', error: { code: 'task-lost' } })
    expect(looks).toBe(2)
  })

  it('is unknown, not green, where no container of the definition is known', async () => {
    const open_ = await open()
    const answer = await open_.call('RegisterTaskDefinition', job)
    const arn = stringAt(objectAt(answer, 'taskDefinition'), 'taskDefinitionArn') ?? ''
    const values = new Map(Object.entries({ mode: 'run', 'aws-region': 'us-east-1', ...here }))
    const { inputs } = parseInputs(values, { region: undefined })
    const plan = await planRun(inputs, open_.session, open_.ports)
    const revision = { arn, name: 'job:1', registered: true, definition: {} }
    const end = await runTask(plan.task, revision, open_.session, open_.ports)
    expect(end).toMatchObject({ outcome: 'unknown', error: { code: 'task-lost' } })
    expect(open_.report.facts.task?.exitCode).toBeUndefined()
  })

  it('is red by the exit code of the task', async () => {
    const open_ = await open()
    const broken = JSON.stringify(job).replace('5000}', '5000,\\"exitCode\\":9}')
    open_.files.set('/workspace/job.json', broken)
    const end = await run(open_, here)
    expect(end).toMatchObject({ outcome: 'failed', error: { code: 'task-failed' } })
    expect(open_.report.facts.task?.exitCode).toBe(9)
  })

  it.each([
    [file, /run-task-subnets: is missing; tasks of file job.json have the network mode awsvpc/],
    [{ ...here, 'run-task-container': 'app' }, /has no container "app"; it has "work"/],
    [{ ...here, 'run-task-container-overrides': '[{"name":"app"}]' }, /has no container "app".*/],
    [{ service: 'prod/nope' }, /there is no service "nope" in cluster "prod"/],
  ])('%j is refused before anything is written', async (given, text) => {
    const open_ = await open()
    await expect(run(open_, given)).rejects.toThrow(text)
    expect(open_.report.begun).toBe(false)
  })
})
