import { describe, expect, it } from '@jest/globals'

import { parseInputs, type ParsedInputs } from '../../../../src/core/inputs/parse-inputs.ts'
import type { RunTaskInputs } from '../../../../src/core/inputs/deploy/run-task.ts'
import { inputRefusal } from '../../../support/input-problems.ts'

type Given = Readonly<Record<string, string>>
const deploy = { mode: 'deploy', service: 'web', 'aws-region': 'eu-west-1' }

function parse(given: Given): ParsedInputs {
  const values = new Map(Object.entries({ ...deploy, ...given }))
  return parseInputs(values, { region: undefined })
}

const read = (given: Given): RunTaskInputs => parse(given).inputs.runTask

const problem = (given: Given): string => inputRefusal(() => parse(given))

describe('when the task runs', () => {
  it.each([
    [{}, 'off'],
    [{ 'run-task': 'false' }, 'off'],
    [{ 'run-task': 'true' }, 'before'],
    [{ 'run-task': 'before' }, 'before'],
    [{ 'run-task': 'after' }, 'after'],
  ])('%j means %s', (given, when) => {
    expect(read(given).when).toBe(when)
  })

  it.each([
    [{ 'run-task': 'maybe' }, 'run-task: "maybe" is none of off, before (or true), after'],
    [
      { 'run-task': 'after', 'wait-for-service-stability': 'false' },
      'run-task: "after" waits for the deployment',
    ],
    [
      { mode: 'release', service: '', repository: 'team/web', 'run-task': 'before' },
      'run-task: "before" needs a `service`',
    ],
    [{ mode: 'run', service: '' }, 'task-definition: is missing; `mode: run` needs'],
  ])('%j is refused', (given, text) => {
    expect(problem(given)).toContain(text)
  })

  it('says which settings have no effect while no task runs', () => {
    const { notices } = parse({ 'run-task-subnets': 'subnet-1', 'run-task-container': 'app' })
    expect(notices.join()).toContain('unused: run-task-container, run-task-subnets')
  })

  it('needs no service in mode run, and tells what that mode does not use', () => {
    const given = { mode: 'run', service: '', 'task-definition-family': 'job' }
    const { inputs, notices } = parse({ ...given, 'force-new-deployment': 'true', cluster: 'jobs' })
    expect(inputs).toMatchObject({ mode: 'run', runTask: { cluster: 'jobs' } })
    expect(notices).toContain('mode run does not use force-new-deployment')
  })
})

describe('how the task runs', () => {
  it('is read from JSON as from YAML', () => {
    const overrides = [{ name: 'app', command: ['rake', 'db:migrate'] }]
    const yaml = '- name: app\n  command: [rake, "db:migrate"]'
    for (const text of [JSON.stringify(overrides), yaml]) {
      expect(read({ 'run-task-container-overrides': text }).containerOverrides).toEqual(overrides)
    }
  })

  it('takes the lists and words of the official action', () => {
    const given = {
      'run-task-subnets': 'subnet-1, subnet-2',
      'run-task-security-groups': 'sg-1',
      'run-task-assign-public-ip': 'ENABLED',
      'run-task-launch-type': 'FARGATE',
      'run-task-started-by': 'release/42',
      'run-task-tags': '[{"key":"team","value":"web"}]',
      'run-task-managed-ebs-volume-name': 'data',
      'run-task-managed-ebs-volume': '{"roleArn":"arn:aws:iam::123456789012:role/ebs"}',
      'run-task-container': 'app',
    }
    expect(read(given)).toMatchObject({
      ...{ subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] },
      ...{ assignPublicIp: 'ENABLED', launchType: 'FARGATE', startedBy: 'release/42' },
      ...{ tags: [{ key: 'team', value: 'web' }], container: 'app' },
      volume: { name: 'data', configuration: { roleArn: 'arn:aws:iam::123456789012:role/ebs' } },
    })
  })

  it.each<[Given, string]>([
    [{ 'run-task-container-overrides': '[{"command":[]}]' }, 'an override without a `name`'],
    [{ 'run-task-container-overrides': '[{"name":"a"},{"name":"a"}]' }, 'a container twice'],
    [{ 'run-task-container-overrides': '[{' }, 'cannot be read as JSON or YAML at 1:'],
    [{ 'run-task-container-overrides': '7' }, 'is no list of objects'],
    [{ 'run-task-subnets': 'sub-1' }, 'run-task-subnets: "sub-1" is no id such as subnet-'],
    [{ 'run-task-assign-public-ip': 'yes' }, '"yes" is none of ENABLED, DISABLED'],
    [{ 'run-task-launch-type': 'LAMBDA' }, '"LAMBDA" is none of EC2, FARGATE'],
    [
      {
        'run-task-launch-type': 'FARGATE',
        'run-task-capacity-provider-strategy': '[{"capacityProvider":"FARGATE"}]',
      },
      'exclude each other',
    ],
    [{ 'run-task-capacity-provider-strategy': '[{"weight":1}]' }, 'without `capacityProvider`'],
    [{ 'run-task-started-by': 'a b' }, 'run-task-started-by: "a b" is not 1 to 128'],
    [{ 'run-task-tags': '[{"value":"web"}]' }, 'a tag without `key`'],
    [{ 'run-task-managed-ebs-volume-name': 'data' }, 'run-task-managed-ebs-volume: is missing'],
    [{ 'run-task-managed-ebs-volume': '{"sizeInGiB":1}' }, 'has no `roleArn`'],
    [{ 'run-task-container': 'a b' }, 'is no name of a container'],
  ])('%j is refused', (given, text) => {
    expect(problem({ 'run-task': 'before', ...given })).toContain(text)
  })

  it('never shows what overrides hold', () => {
    const given = { 'run-task-container-overrides': '[{"environment":"hunter2"}, hunter2: {' }
    expect(problem({ 'run-task': 'before', ...given })).not.toContain('hunter2')
  })
})
