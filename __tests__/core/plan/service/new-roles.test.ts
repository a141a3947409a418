import { describe, expect, it } from '@jest/globals'

import { newRoles } from '../../../../src/core/plan/service/new-roles.ts'
import { noChanges } from '../../../../src/core/task-definition/changes/no-changes.ts'
import type { JsonObject } from '../../../../src/core/json.ts'

const accountId = '123456789012'
const role = (name: string, account = accountId) => `arn:aws:iam::${account}:role/${name}`

function roles(
  definition: JsonObject,
  running: JsonObject | undefined,
  task: Partial<typeof noChanges.task> = {},
): readonly string[] {
  const source = { origin: 'file task.json', definition, tags: [] }
  const changes = { ...noChanges, task: { ...noChanges.task, ...task } }
  const plan = {
    ...{ source, containerNames: [], keepTaskDefinitions: undefined },
    planned: { changes, containerNames: [] },
    ...(running && { currentDefinition: { ...source, definition: running } }),
  }
  return newRoles(plan, accountId).map(({ member, name }) => `${member} ${name}`)
}

describe('the roles that a definition brings along', () => {
  it.each<[string, JsonObject, JsonObject | undefined, readonly string[]]>([
    [
      'both, where nothing runs yet',
      { executionRoleArn: role('pull'), taskRoleArn: role('app') },
      undefined,
      ['executionRoleArn pull', 'taskRoleArn app'],
    ],
    [
      'none that runs already, in whichever place and spelling',
      { executionRoleArn: 'pull', taskRoleArn: role('service/app') },
      { executionRoleArn: role('app'), taskRoleArn: role('pull') },
      [],
    ],
    ['those with a path', { taskRoleArn: role('team/shop/app') }, {}, ['taskRoleArn app']],
    ['none of another account', { taskRoleArn: role('app', '210987654321') }, {}, []],
    ['none where none is named', { taskRoleArn: '' }, {}, []],
  ])('are %s', (_what, definition, running, expected) => {
    expect(roles(definition, running)).toEqual(expected)
  })

  it('are those of the inputs, where they give some', () => {
    const definition = { executionRoleArn: role('pull') }
    const task = { taskRoleArn: role('new') }
    expect(roles(definition, definition, task)).toEqual(['taskRoleArn new'])
  })
})
