import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { JsonObject } from '../../../../src/core/json.ts'
import { applyChanges } from '../../../../src/core/task-definition/changes/apply-changes.ts'
import { noChanges } from '../../../../src/core/task-definition/changes/no-changes.ts'
import {
  hasChanges,
  type ContainerChanges,
  type DefinitionChanges,
} from '../../../../src/core/task-definition/changes/changes.ts'
import { expandRoles } from '../../../../src/core/task-definition/changes/expand-roles.ts'

const app: JsonObject = {
  name: 'app',
  image: 'web:1',
  command: ['serve'],
  environmentFiles: [{ value: 'arn:aws:s3:::b/old.env', type: 's3' }],
  dockerLabels: { team: 'shop', '': '' },
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': '/web', mode: 'blocking' },
    secretOptions: [{ name: 'x', valueFrom: 'arn:x' }],
  },
}
const proxy: JsonObject = { name: 'proxy', image: 'envoy:1' }
const definition: JsonObject = {
  ...{ family: 'web', cpu: '256', memory: '512', future: { kept: [null] } },
  containerDefinitions: [app, proxy],
}

const ofApp = (changes: Partial<ContainerChanges>): DefinitionChanges => ({
  ...noChanges,
  container: { ...noChanges.container, ...changes },
})
const changed = (changes: Partial<ContainerChanges>) =>
  applyChanges(definition, ofApp(changes), ['app'])
const withApp = (members: JsonObject) => ({
  ...definition,
  containerDefinitions: [{ ...app, ...members }, proxy],
})
const names = (set: readonly (readonly [string, string])[], removed: readonly string[] = []) => ({
  set: new Map(set),
  removed: new Set(removed),
})

describe('changing a task definition', () => {
  it.each<[string, Partial<ContainerChanges>, JsonObject]>([
    ['a command', { command: ['a', '', '$B'] }, { command: ['a', '', '$B'] }],
    ['no command', { command: [] }, { command: [] }],
    [
      'environment files',
      { environmentFiles: ['arn:aws:s3:::b/a.env'] },
      { environmentFiles: [{ value: 'arn:aws:s3:::b/a.env', type: 's3' }] },
    ],
    ['no environment files', { environmentFiles: [] }, { environmentFiles: [] }],
    [
      'docker labels',
      { dockerLabels: names([['rule', 'Host(a)&&Query(x=y)']], ['team', 'none']) },
      { dockerLabels: { '': '', rule: 'Host(a)&&Query(x=y)' } },
    ],
    [
      'log options, which merge',
      { logOptions: new Map([['mode', 'non-blocking']]) },
      {
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/web', mode: 'non-blocking' },
          secretOptions: [{ name: 'x', valueFrom: 'arn:x' }],
        },
      },
    ],
    ['the log driver that it has', { logDriver: 'awslogs' }, {}],
    [
      'another log driver, without options of the old one',
      { logDriver: 'splunk', logOptions: new Map([['splunk-url', 'https://x']]) },
      { logConfiguration: { logDriver: 'splunk', options: { 'splunk-url': 'https://x' } } },
    ],
    [
      'another log driver alone',
      { logDriver: 'awsfirelens' },
      { logConfiguration: { logDriver: 'awsfirelens' } },
    ],
  ])('gives the named container %s, and nothing else', (_what, changes, members) => {
    expect(changed(changes)).toEqual(withApp(members))
  })

  it('takes nothing off where there is nothing to remove', () => {
    expect(changed({ dockerLabels: names([], ['none']) })).toEqual(definition)
  })

  it('sets roles and sizes of the task', () => {
    const task = { taskRoleArn: 't', executionRoleArn: 'e', cpu: '512', memory: '1 GB' }
    expect(applyChanges(definition, { ...noChanges, task }, [])).toEqual({ ...definition, ...task })
  })

  it('sets images by container', () => {
    const containerImages = new Map([['proxy', 'envoy:2']])
    expect(applyChanges(definition, { ...noChanges, containerImages }, ['app'])).toEqual({
      ...definition,
      containerDefinitions: [app, { ...proxy, image: 'envoy:2' }],
    })
  })

  it('without changes is the same, whatever is in it', () => {
    expect(hasChanges(noChanges)).toBe(false)
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (members) => {
        const any = JSON.parse(JSON.stringify(members)) as JsonObject
        expect(applyChanges(any, noChanges, ['app'])).toEqual(any)
      }),
    )
  })

  it.each<[string, DefinitionChanges]>([
    ['a variable', ofApp({ environment: names([['A', '1']]) })],
    ['a removal', ofApp({ secrets: names([], ['A']) })],
    ['an empty command', ofApp({ command: [] })],
    ['a log option', ofApp({ logOptions: new Map([['a', 'b']]) })],
    ['a size', { ...noChanges, task: { ...noChanges.task, cpu: '256' } }],
    ['an image', { ...noChanges, containerImages: new Map([['a', 'b:1']]) }],
  ])('counts %s as a change', (_what, changes) => {
    expect(hasChanges(changes)).toBe(true)
  })
})

describe('roles', () => {
  const caller = { accountId: '123456789012', arn: 'arn:aws-cn:sts::123456789012:assumed-role/a/b' }
  it("by name are of the caller's account and partition; ARNs stay", () => {
    const arn = 'arn:aws:iam::210987654321:role/team/web'
    const task = { ...noChanges.task, taskRoleArn: 'web', executionRoleArn: arn }
    expect(expandRoles(task, caller)).toEqual({
      ...task,
      taskRoleArn: 'arn:aws-cn:iam::123456789012:role/web',
    })
    expect(expandRoles(noChanges.task, caller)).toEqual(noChanges.task)
  })
})
