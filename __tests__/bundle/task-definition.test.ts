import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { ActionRun } from '../../simulator/github/runner/action-run.ts'
import { objectMember, objectsMember } from '../../simulator/wire/members.ts'
import { annotated, expectRed } from '../support/run-end.ts'
import { BundleWorld } from '../support/bundle-world.ts'

const service = { mode: 'deploy', cluster: 'main', service: 'web' }
const writes = /^ecs:(Register|Update|Create|Delete|Stop)/
const revisionArn = (name: string) => `arn:aws:ecs:us-east-1:123456789012:task-definition/${name}`

/** What the action wrote, after the inputs that the runner shows by itself. */
const writtenLog = ({ log }: ActionRun) => log.slice(log.indexOf('##[endgroup]')).join('\n')

describe('the bundle, changing the task definition', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await BundleWorld.create({
      container: { environment: [{ name: 'OLD', value: 'x' }], command: ['serve'] },
    })
    world.simulator.requests.clear()
  })
  afterEach(async () => {
    await world.close()
  })

  const written = () => world.asked().filter((call) => writes.test(call))
  const container = async (name: string) => {
    const answer = await world.call('DescribeTaskDefinition', { taskDefinition: name })
    const definition = objectMember(answer, 'taskDefinition') ?? {}
    return objectsMember(definition, 'containerDefinitions')?.[0] ?? {}
  }

  it('refuses a role that is not there before anything is registered', async () => {
    const { main } = await world.run({ ...service, 'task-role-arn': 'wbe' })
    expectRed(main, 'refused', 'role-not-found')
    expect(annotated(main, 'error')[0]).toContain('role/wbe')
    expect(written()).toEqual([])
  })

  it('registers the changes once, and never shows a value', async () => {
    world.simulator.iam.addRole({
      ...{ name: 'web', trustPolicy: { Version: '2012-10-17', Statement: [] } },
    })
    const inputs = {
      ...service,
      'environment-variables': 'PASSWORD=hunter2\nOLD-',
      'container-secrets': 'TOKEN=arn:aws:ssm:us-east-1:123456789012:parameter/hunter2',
      command: `sh -c 'exec hunter2 "$0"'`,
      'docker-labels': 'rule=Host(hunter2)&&Query(x=y)',
      ...{ 'task-role-arn': 'web', cpu: '0.5 vCPU', memory: '1 GB' },
    }
    const { main } = await world.run(inputs)
    expect(main.outputs).toMatchObject({ outcome: 'deployed', changed: 'true' })
    expect(main.outputs['task-definition-arn']).toBe(revisionArn('web:2'))
    expect(await container('web:2')).toMatchObject({
      environment: [{ name: 'PASSWORD', value: 'hunter2' }],
      secrets: [{ name: 'TOKEN' }],
      command: ['sh', '-c', 'exec hunter2 "$0"'],
      dockerLabels: { rule: 'Host(hunter2)&&Query(x=y)' },
    })
    expect(writtenLog(main)).toContain('containerDefinitions.web.environment')
    for (const text of [writtenLog(main), main.summary, JSON.stringify(main.outputs)]) {
      expect(text).not.toContain('hunter2')
    }

    const again = await world.run(inputs)
    expect(again.main.outputs).toMatchObject({ outcome: 'unchanged', changed: 'false' })
    expect(written()).toEqual(['ecs:RegisterTaskDefinition', 'ecs:UpdateService'])
  })

  it('runs a revision that is named exactly, and registers none', async () => {
    await world.run({ ...service, command: 'other' })
    world.simulator.requests.clear()
    const first = { ...service, 'task-definition-arn': revisionArn('web:1') }
    const { main } = await world.run(first)
    expect(main.outputs).toMatchObject({ outcome: 'deployed', changed: 'true' })
    expect(main.outputs['task-definition-arn']).toBe(revisionArn('web:1'))
    expect(main.outputs['previous-task-definition-arn']).toBe(revisionArn('web:2'))
    expect(written()).toEqual(['ecs:UpdateService'])
  })

  it.each<[string, Record<string, string>, string, string]>([
    [
      'a size that Fargate has not',
      { memory: '1536' },
      'task-definition-refused',
      'no memory 1536',
    ],
    [
      'one name as variable and secret',
      { 'environment-variables': 'A=hunter2', 'container-secrets': 'A=arn:hunter2' },
      'invalid-inputs',
      'both name "A"',
    ],
    [
      'two sources',
      { 'task-definition': 'td.json', 'task-definition-family': 'web' },
      'invalid-inputs',
      'both say where the task definition comes from',
    ],
    [
      'a container that is not there',
      { 'container-name': 'app', command: 'hunter2' },
      'container-not-found',
      'no container "app"',
    ],
  ])('refuses %s before it writes', async (_what, inputs, code, text) => {
    const { main } = await world.run({ ...service, ...inputs })
    expect(main.outputs).toMatchObject({ outcome: 'refused', 'error-code': code })
    expect(main.outputs['failure-reason']).toContain(text)
    expect(writtenLog(main)).not.toContain('hunter2')
    expect(written()).toEqual([])
  })
})
