import * as sdk from '@aws-sdk/client-ecs'
import { describe, expect, it } from '@jest/globals'

import { knownMembers } from '../../../src/core/task-definition/known-members.ts'
import { responseOnlyMembers } from '../../../src/core/task-definition/render.ts'
import {
  describeUnknownMembers,
  findUnknownMembers,
} from '../../../src/core/task-definition/unknown-members.ts'
import { memberPaths, operationModel } from '../../simulator/wire/model.ts'

describe('the known members', () => {
  it("are those of the ECS client's own model", () => {
    const known = [...knownMembers].flatMap(([level, names]) =>
      names.map((name) => (level === '' ? name : `${level}.${name}`)),
    )
    const model = memberPaths(operationModel({ ...sdk }, 'RegisterTaskDefinition')?.input)
    expect(known.toSorted()).toEqual(model)
  })
})

describe('members that are not known', () => {
  const definition = {
    family: 'web',
    containerDefinition: [],
    containerDefinitions: [
      {
        name: 'app',
        enviroment: [{ name: 'A', valeu: '1' }],
        Secrets: [],
        dockerLabels: { anything: 'goes' },
        logConfiguration: { logDriver: 'awslogs', options: { any: 'thing' } },
        healthCheck: { intervall: 1 },
      },
      { name: 'b', portMappings: [{ containerPort: 1 }, { containrPort: 2 }] },
    ],
    teleportation: true,
  }

  it('are named by path, with the nearest known name of their level', () => {
    expect(findUnknownMembers(definition)).toEqual([
      { path: 'containerDefinition', nearest: 'containerDefinitions' },
      { path: 'containerDefinitions[0].enviroment', nearest: 'environment' },
      { path: 'containerDefinitions[0].Secrets', nearest: 'secrets' },
      { path: 'containerDefinitions[0].healthCheck.intervall', nearest: 'interval' },
      { path: 'containerDefinitions[1].portMappings[1].containrPort', nearest: 'containerPort' },
      { path: 'teleportation', nearest: undefined },
    ])
  })

  it('are told in one sentence, without values', () => {
    expect(describeUnknownMembers({ family: 'web', famly: 'secret', zz: 1 })).toBe(
      'has members that are not known and are sent as they are: famly (did you mean family?), zz',
    )
  })

  it("are none of what ECS's own answers have", () => {
    const answer = Object.fromEntries([...responseOnlyMembers].map((name) => [name, 'x']))
    expect(describeUnknownMembers({ ...answer, family: 'web' })).toBeUndefined()
  })
})
