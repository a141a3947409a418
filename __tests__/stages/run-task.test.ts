import { afterEach, describe, expect, it } from '@jest/globals'

import type { Behaviour } from '../../simulator/ecs/drivers/behaviour.ts'
import { ActionError } from '../../src/core/errors/action-error.ts'
import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import type { RunTaskInputs } from '../../src/core/inputs/deploy/run-task.ts'
import { objectAt, objectsAt, stringAt, stringsAt, type JsonObject } from '../../src/core/json.ts'
import { planRunTask } from '../../src/core/plan/service/run-task-plan.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import type { Ecs } from '../../src/ports/ecs.ts'
import { runTask, type TaskOutcome } from '../../src/stages/task/run-task.ts'
import { EcsWorld, type WorldOptions } from '../support/ecs-world.ts'
import { failure, reset, throttled } from '../support/rollout-scenarios.ts'
import { usualRunTask } from '../support/run-task-inputs.ts'

let current: EcsWorld | undefined
afterEach(async () => {
  await current?.close()
  current = undefined
})

async function createWorld(options: WorldOptions = {}): Promise<EcsWorld> {
  current = await EcsWorld.create(options)
  return current
}

type Containers = Readonly<Record<string, Behaviour & { readonly essential?: boolean }>>

interface Job {
  readonly containers?: Containers
  readonly given?: Partial<RunTaskInputs>
  readonly waitMinutes?: number
  readonly logLines?: number
  readonly logDriver?: string
  readonly session?: AwsSession
}

const migration = { exitsAfterMs: 20_000, logLines: ['migrating', 'done'] }

/** Registers a job whose containers behave so, and runs it. */
async function run(world: EcsWorld, job: Job = {}): Promise<TaskOutcome> {
  const { given, waitMinutes, logLines, session } = job
  const containers: Containers = job.containers ?? { app: migration }
  const containerDefinitions = Object.entries(containers).map(
    ([name, { essential = true, ...behaviour }]) => ({
      ...{ name, essential, image: `registry.example.com/job@sha256:${'9'.repeat(64)}` },
      environment: [{ name: 'SIMULATOR_BEHAVIOUR', value: JSON.stringify(behaviour) }],
      logConfiguration: {
        logDriver: job.logDriver ?? 'awslogs',
        options: { 'awslogs-group': '/job', 'awslogs-stream-prefix': 'job' },
      },
    }),
  )
  const answer = await world.call('RegisterTaskDefinition', {
    ...{ family: 'job', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
    ...{ cpu: '256', memory: '512', containerDefinitions },
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  })
  const definition = objectAt(answer, 'taskDefinition')
  const arn = stringAt(definition, 'taskDefinitionArn') ?? ''
  const plan = planRunTask(
    { ...usualRunTask, subnets: ['subnet-1'], ...given },
    { cluster: 'prod', waitMinutes, logLines },
    { service: {}, definition, origin: 'revision job:1' },
  )
  const revision = { arn, name: 'job:1', registered: true, definition }
  return await runTask(plan, revision, session ?? world.session, world.ports)
}

async function jobs(world: EcsWorld): Promise<readonly JsonObject[]> {
  const lists = await Promise.all(
    ['RUNNING', 'STOPPED'].map((desiredStatus) =>
      world.call('ListTasks', { cluster: 'prod', family: 'job', desiredStatus }),
    ),
  )
  const tasks = lists.flatMap((list) => stringsAt(list, 'taskArns'))
  if (tasks.length === 0) return []
  return objectsAt(await world.call('DescribeTasks', { cluster: 'prod', tasks }), 'tasks')
}

/** An answer that fails the first times. */
function failing(
  world: EcsWorld,
  name: keyof Ecs,
  failures: readonly (() => Promise<JsonObject>)[],
): AwsSession {
  const left = [...failures]
  const call = (input: JsonObject) => left.shift()?.() ?? world.session.ecs[name](input)
  return world.with({ [name]: call })
}

const errorOf = (outcome: TaskOutcome) => ('error' in outcome ? outcome.error : undefined)
const placed = (reason: string) => () =>
  Promise.resolve<JsonObject>({ tasks: [], failures: [{ arn: 'arn', reason }] })

describe('a task that ends', () => {
  it('with 0 is green; arn and exit code are told', async () => {
    const world = await createWorld()
    expect(await run(world)).toMatchObject({ outcome: 'ran' })
    const [task] = await jobs(world)
    expect(task).toMatchObject({ startedBy: 'GitHub-Actions', launchType: 'FARGATE' })
    expect(world.report.facts.task).toEqual({ arn: task?.['taskArn'], exitCode: 0 })
    expect(world.report.phases).toContain('task')
  })

  it('with another code is red, with the last lines of its container', async () => {
    const world = await createWorld()
    const app = { exitsAfterMs: 5_000, exitCode: 3, logLines: ['migrating', 'no such table'] }
    const outcome = await run(world, { containers: { app } })
    expect(errorOf(outcome)).toMatchObject({
      code: 'task-failed',
      message: expect.stringMatching(
        /^task [0-9a-f]{32} of job:1 in cluster "prod" \(us-east-1\) ended, container "app" with exit code 3: /,
      ),
      details: ['migrating', 'no such table'],
    })
    expect(world.report.facts.task?.exitCode).toBe(3)
  })

  it('is judged by all essential containers, or by the chosen one alone', async () => {
    const world = await createWorld()
    // The sidecar does not heed SIGTERM and is killed when the work is done.
    const containers = { app: migration, proxy: { stopsAfterMs: 600_000 } }
    const all = await run(world, { containers })
    expect(errorOf(all)?.remedy).toMatch(/^Set `run-task-container`/)
    const chosen = await run(world, { containers, given: { container: 'app' } })
    expect(chosen.outcome).toBe('ran')
  })

  it('is not waited for when the chosen container ended and others run on', async () => {
    const world = await createWorld()
    const containers = { app: {}, work: { ...migration, essential: false } }
    const outcome = await run(world, { containers, given: { container: 'work' } })
    expect(outcome.outcome).toBe('ran')
    expect(world.report.everything).toContain('other containers of it run on')
  })

  it('before it began is red, with the cause', async () => {
    const world = await createWorld()
    const app = {
      failsToPull:
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): not found',
    }
    const outcome = await run(world, { containers: { app }, given: { container: 'app' } })
    expect(errorOf(outcome)).toMatchObject({
      code: 'task-not-started',
      message: expect.stringContaining('is not in the registry'),
    })
  })

  it('because somebody stopped it is red, although its container ended with 0', async () => {
    const world = await createWorld()
    let stopped = false
    world.clock.onRest = async () => {
      const [task] = await jobs(world)
      if (stopped || task?.['lastStatus'] !== 'RUNNING') return
      stopped = true
      await world.call('StopTask', { cluster: 'prod', task: task['taskArn'], reason: 'no more' })
    }
    const outcome = await run(world, { containers: { app: {} } })
    expect(errorOf(outcome)).toMatchObject({
      code: 'task-interrupted',
      message: expect.stringContaining('no more'),
    })
  })
})

describe('a task that finds no room', () => {
  it('is asked for again until there is some', async () => {
    const world = await createWorld()
    const full = [placed('RESOURCE:MEMORY'), placed('RESOURCE:MEMORY'), placed('AGENT')]
    const outcome = await run(world, { session: failing(world, 'runTask', full) })
    expect(outcome.outcome).toBe('ran')
    expect(await jobs(world)).toHaveLength(1)
    expect(world.report.untrustedLines).toContainEqual(
      expect.stringMatching(/^no room for a task of job:1 yet: .* \(RESOURCE:MEMORY\)$/),
    )
  })

  it('is red when the time is over', async () => {
    const world = await createWorld()
    const session = world.with({ runTask: placed('RESOURCE:CPU') })
    const before = world.clock.monotonicMs()
    const outcome = await run(world, { session, waitMinutes: 2 })
    expect(errorOf(outcome)).toMatchObject({ code: 'task-not-placed' })
    const spentMs = world.clock.monotonicMs() - before
    expect([spentMs > 60_000, spentMs <= 120_000]).toEqual([true, true])
  })

  it('is asked for once where room does not come by itself', async () => {
    const world = await createWorld()
    const before = world.clock.monotonicMs()
    const session = world.with({ runTask: placed('ATTRIBUTE') })
    expect(errorOf(await run(world, { session }))).toMatchObject({ code: 'task-not-placed' })
    expect(world.clock.monotonicMs()).toBe(before)
  })

  it('may hear of it by an error, too', async () => {
    const world = await createWorld()
    const message = 'Capacity is unavailable at this time. Please try again later.'
    const full = () =>
      Promise.reject(
        new AwsFailure({
          ...{ service: 'ECS', operation: 'RunTask', code: 'ClientException' },
          ...{ httpStatus: 400, message },
        }),
      )
    expect(await run(world, { session: failing(world, 'runTask', [full]) })).toMatchObject({
      outcome: 'ran',
    })
  })
})

describe('an answer to RunTask', () => {
  it('that is lost is asked for again, and one task runs', async () => {
    const world = await createWorld()
    world.simulator.faults.add([{ call: 'ecs:RunTask', first: 2, reset: 'after' }])
    expect(await run(world)).toMatchObject({ outcome: 'ran' })
    expect([world.requests('RunTask'), (await jobs(world)).length]).toEqual([3, 1])
  })

  it('that never comes leaves the run unknown, saying that the task may run', async () => {
    const world = await createWorld()
    const session = world.with({ runTask: () => Promise.reject(failure(reset)) })
    const outcome = await run(world, { session })
    expect(outcome).toMatchObject({ outcome: 'unknown', error: { code: 'task-lost' } })
    expect(world.report.ongoing).toEqual([
      'RunTask for a task of job:1 in cluster "prod" (us-east-1) was sent; ECS may be running it',
    ])
  })

  it('that throttles is waited out', async () => {
    const world = await createWorld()
    world.simulator.faults.add([{ call: 'ecs:RunTask', first: 3, throttle: true }])
    expect(await run(world)).toMatchObject({ outcome: 'ran' })
    expect(await jobs(world)).toHaveLength(1)
  })

  it('that refuses is told with its remedy', async () => {
    const world = await createWorld()
    const refused = failing(world, 'runTask', [
      () => world.session.ecs.runTask({ cluster: 'prod', taskDefinition: 'job' }),
    ])
    expect(errorOf(await run(world, { session: refused }))).toMatchObject({
      code: 'task-refused',
      message: expect.stringContaining('Network Configuration must be provided'),
      remedy: expect.stringContaining('run-task-subnets'),
    })
  })

  it('that denies names the permission', async () => {
    const world = await createWorld({ allow: ['ecs:DescribeTasks'] })
    expect(errorOf(await run(world))).toMatchObject({
      code: 'access-denied',
      remedy: expect.stringContaining('"ecs:RunTask"'),
    })
  })
})

describe('looks at the task', () => {
  const missing = () =>
    Promise.resolve<JsonObject>({ tasks: [], failures: [{ reason: 'MISSING' }] })

  it('that do not show it yet are repeated', async () => {
    const world = await createWorld()
    const session = failing(world, 'describeTasks', [missing, missing, missing])
    expect(await run(world, { session })).toMatchObject({ outcome: 'ran' })
  })

  it('that never show it leave the run unknown', async () => {
    const world = await createWorld()
    const outcome = await run(world, { session: world.with({ describeTasks: missing }) })
    expect(outcome).toMatchObject({ outcome: 'unknown', error: { code: 'task-lost' } })
    expect(world.report.ongoing).toHaveLength(1)
  })

  it('that fail or are throttled are repeated', async () => {
    const world = await createWorld()
    const bad = [failure(throttled), failure(reset), failure(throttled)]
    const looks = bad.map((error) => () => Promise.reject<JsonObject>(error))
    const session = failing(world, 'describeTasks', looks)
    expect(await run(world, { session })).toMatchObject({ outcome: 'ran' })
  })

  it('that show an earlier state do not end it early', async () => {
    const world = await createWorld()
    world.simulator.faults.add([{ call: 'ecs:DescribeTasks', every: 2, stale: true }])
    expect(await run(world)).toMatchObject({ outcome: 'ran' })
    expect(world.report.facts.task?.exitCode).toBe(0)
  })

  it('that are denied leave the run unknown', async () => {
    const world = await createWorld({ allow: ['ecs:RunTask', 'logs:GetLogEvents'] })
    const outcome = await run(world)
    expect(outcome.outcome).toBe('unknown')
    expect(errorOf(outcome)?.remedy).toContain('"ecs:DescribeTasks"')
  })
})

describe('a task that does not end', () => {
  it('is left alone when the time is over, and said to go on', async () => {
    const world = await createWorld()
    const outcome = await run(world, { containers: { app: {} }, waitMinutes: 3 })
    expect(errorOf(outcome)).toMatchObject({
      code: 'task-timed-out',
      message: expect.stringContaining('is RUNNING after 3 minutes'),
    })
    expect(await jobs(world)).toMatchObject([{ lastStatus: 'RUNNING' }])
    expect(world.report.ongoing).toHaveLength(1)
  })

  it('is left alone when the run is cancelled, and said to go on', async () => {
    const world = await createWorld()
    world.clock.onRest = async () => {
      const [task] = await jobs(world)
      if (task?.['lastStatus'] !== 'RUNNING') return
      world.abort(new ActionError('cancelled', 'the runner asked to stop', ''))
    }
    await expect(run(world, { containers: { app: {} } })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(await jobs(world)).toMatchObject([{ lastStatus: 'RUNNING' }])
    expect(world.report.ongoing).toEqual([expect.stringMatching(/^task [0-9a-f]{32} of job:1/)])
  })
})

describe('the log of the task', () => {
  it('is told once, in order, by container', async () => {
    const world = await createWorld()
    const proxy = { logLines: ['listening'], essential: false }
    await run(world, { containers: { app: migration, proxy } })
    expect(world.report.untrustedLines).toEqual([
      ...['app: migrating', 'app: done'],
      'proxy: listening',
    ])
  })

  it('goes on from page to page, whatever comes between', async () => {
    const world = await createWorld()
    const pages = [['1', '2'], [], ['3'], ['4']]
    const readOn = (_group: string, _stream: string, token = '0') => {
      const page = Number(token)
      const lines = pages[page]
      return Promise.resolve({ lines: lines ?? [], token: String(lines ? page + 1 : page) })
    }
    await run(world, { session: { ...world.session, logs: { ...world.session.logs, readOn } } })
    expect(world.report.untrustedLines).toEqual(['app: 1', 'app: 2', 'app: 3', 'app: 4'])
  })

  it('cannot run workflow commands, nor hide lines behind a carriage return', async () => {
    const world = await createWorld()
    const logLines = ['::error::owned', 'fine\r::set-output name=a::b', '##[error]owned']
    await run(world, { containers: { app: { ...migration, logLines } } })
    expect(world.report.untrustedLines).toEqual([
      ...['app: ::error::owned', 'app: fine', 'app: ::set-output name=a::b'],
      'app: ##[error]owned',
    ])
    expect(world.report.lines.join('\n')).not.toContain('owned')
  })

  it('is not shown where log-lines is 0, nor attached to the error', async () => {
    const world = await createWorld()
    const app = { ...migration, exitCode: 1 }
    const outcome = await run(world, { containers: { app }, logLines: 0 })
    expect([world.report.untrustedLines, errorOf(outcome)?.details]).toEqual([[], []])
  })

  it('is said to be elsewhere for another driver', async () => {
    const world = await createWorld()
    await run(world, { logDriver: 'splunk' })
    expect(world.report.lines).toContain(
      'container app uses the log driver splunk: look for its last lines where that sends them',
    )
  })

  it('costs one warning where it may not be read, and not the verdict', async () => {
    const world = await createWorld({ allow: ['ecs:RunTask', 'ecs:DescribeTasks'] })
    expect(await run(world)).toMatchObject({ outcome: 'ran' })
    expect(world.report.warnings).toEqual([
      'without the permission logs:GetLogEvents the log of the task cannot be shown',
    ])
  })
})
