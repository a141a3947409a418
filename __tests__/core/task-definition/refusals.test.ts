import { describe, expect, it } from '@jest/globals'

import type { JsonObject } from '../../../src/core/json.ts'
import { findRefusals } from '../../../src/core/task-definition/refusals.ts'

const fargate: JsonObject = {
  ...{
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '.25 vCPU',
    memory: '1GB',
  },
  containerDefinitions: [{ name: 'app' }],
}
const withContainer = (members: JsonObject) => ({
  ...fargate,
  containerDefinitions: [{ name: 'app', ...members }],
})
const refusals = (definition: JsonObject, launchType?: string) =>
  findRefusals(definition, launchType, 'file td.json').map(({ message }) => message)

describe('what ECS surely refuses', () => {
  it.each<[string, JsonObject, string | undefined, string]>([
    ['a size', { ...fargate, memory: '333' }, undefined, 'no memory 333 for cpu 256'],
    ['a size by launch type', { cpu: '1', memory: '512' }, 'FARGATE', 'Fargate has no cpu 1;'],
    ['no size', { ...fargate, cpu: undefined }, undefined, 'needs cpu at the task level'],
    ['a network', { ...fargate, networkMode: 'host' }, undefined, 'no network mode "host"'],
    ['the default network', { ...fargate, networkMode: undefined }, undefined, '"bridge"'],
    [
      'secrets without a role',
      withContainer({ secrets: [{ name: 'A', valueFrom: 'arn:a' }] }),
      undefined,
      'to read the secrets of "app" an execution role is needed, and there is none',
    ],
    [
      'an ECR image without a role',
      withContainer({ image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1' }),
      undefined,
      'to pull the ECR image of "app" an execution role is needed',
    ],
    [
      'awslogs without a role',
      withContainer({ logConfiguration: { logDriver: 'awslogs' } }),
      undefined,
      'to write the awslogs log of "app" an execution role is needed',
    ],
    [
      'log options without a driver',
      withContainer({ logConfiguration: { options: { a: 'b' } } }),
      undefined,
      'the log configuration of "app" has options and no driver',
    ],
    [
      'a log driver of instances',
      withContainer({ logConfiguration: { logDriver: 'journald' } }),
      undefined,
      'Fargate has no log driver journald, which "app" asks for',
    ],
  ])('is told before it is sent: %s', (_what, definition, launchType, text) => {
    const told = refusals(definition, launchType)
    expect(told).toEqual([expect.stringContaining(text)])
    expect(told[0]).toMatch(/^file td\.json cannot be registered: /)
  })

  it.each<[string, JsonObject, string | undefined]>([
    ['a good definition', fargate, 'FARGATE'],
    ['any size on instances', { cpu: '10', memory: '333' }, 'EC2'],
    [
      'a driver of instances there',
      { containerDefinitions: [{ logConfiguration: { logDriver: 'syslog' } }] },
      undefined,
    ],
    [
      'a driver that is new',
      withContainer({ logConfiguration: { logDriver: 'newest' } }),
      undefined,
    ],
    [
      'secrets with a role',
      { ...withContainer({ secrets: [{ name: 'A' }] }), executionRoleArn: 'arn' },
      undefined,
    ],
    [
      'ECR and awslogs on instances, which have a role of their own',
      {
        containerDefinitions: [
          {
            image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1',
            logConfiguration: { logDriver: 'awslogs' },
          },
        ],
      },
      'EC2',
    ],
    ['an empty list of secrets', withContainer({ secrets: [] }), undefined],
  ])('has nothing against %s', (_what, definition, launchType) => {
    expect(refusals(definition, launchType)).toEqual([])
  })
})
