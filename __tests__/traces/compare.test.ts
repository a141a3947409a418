import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from '@jest/globals'

import { compare, contradicted, report, rules } from '../../simulator/traces/compare.ts'
import type { JsonObject } from '../../simulator/wire/service.ts'
import { ecsExchange, traceOf } from './exchange.ts'
import { fixture, withAnswers } from './fixture.ts'

const specification = readFileSync(
  join(import.meta.dirname, '..', '..', 'simulator', 'SPEC.md'),
  'utf8',
)
const observed = new Set(
  compare(fixture)
    .findings.filter((finding) => finding.observed > 0)
    .map(({ id }) => id),
)

describe('the trace of the simulator beside SPEC.md', () => {
  it('contradicts no rule, and holds nothing that the SDK does not know', () => {
    const comparison = compare(fixture)
    expect(contradicted(comparison)).toEqual([])
    expect(comparison.strangers).toEqual([])
    expect(report(comparison)).not.toContain('Contradicted')
  })

  it('is judged by rules that SPEC.md has', () => {
    const unwritten = rules.filter(({ id }) => !specification.includes(`**${id}**`))
    expect(unwritten.map(({ id }) => id)).toEqual([])
  })

  it('gives most of the rules something to judge', () => {
    expect([...observed].sort()).toEqual(
      expect.arrayContaining(['ECR-1', 'ECR-8', 'ECS-1', 'ECS-7', 'ECS-8', 'ECS-12', 'ECS-15']),
    )
  })
})

const answer = (operation: string, pattern: RegExp | string, replacement: string) =>
  withAnswers(fixture, operation, (body) => body.replaceAll(pattern, replacement))

describe('an answer that is not as SPEC.md says', () => {
  it.each([
    ['WIRE-1', answer('DescribeServices', /"createdAt":[\d.]+/g, '"createdAt":"2026-01-01"')],
    ['WIRE-1', answer('DescribeServices', '"__type"', '"type"')],
    ['STS-1', answer('AssumeRoleWithWebIdentity', 'Audience', 'Hearer')],
    ['ECR-1', answer('GetAuthorizationToken', '.dkr.ecr.', '.dkr-ecr.')],
    ['ECR-2', answer('DescribeRepositories', 'does not exist in the', 'is not in the')],
    ['ECR-8', answer('BatchGetImage', 'schemaVersion', 'schemaversion')],
    ['ECR-8', answer('BatchGetImage', '"ImageNotFound"', '"NOT_FOUND"')],
    ['ECS-1', answer('RegisterTaskDefinition', '"valueFrom"', '"valuefrom"')],
    ['ECS-2', answer('RegisterTaskDefinition', /hello:\d/g, 'hello:2')],
    ['ECS-7', answer('DescribeServices', 'Cluster not found.', 'The cluster is not there.')],
    ['ECS-7', answer('DescribeServices', '"MISSING"', '"NOT_FOUND"')],
    ['ECS-8', answer('DescribeServices', 'ecs-svc/', 'ecs-svc/1')],
    ['ECS-8', answer('DescribeServiceDeployments', '"SUCCESSFUL"', '"PENDING"')],
    ['ECS-8', answer('DescribeServiceDeployments', '"PENDING"', '"SUCCESSFUL"')],
    ['ECS-8', answer('DescribeServiceDeployments', '"SUCCESSFUL"', '"DONE"')],
    ['ECS-8', answer('DescribeTasks', 'ecs-svc/', 'ecs-svc/1')],
    ['ECS-9', answer('DescribeServices', '"IN_PROGRESS"', '"COMPLETED"')],
    ['ECS-21', answer('DescribeTasks', '"stopCode"', '"stoppedCode"')],
    ['ECS-22', answer('DescribeTasks', /"imageDigest":"sha256:.../g, '"imageDigest":"sha256:000')],
    ['ECS-28', answer('DescribeServices', '"PRIMARY"', '"ACTIVE"')],
  ])('contradicts %s, and the report says where', (id, trace) => {
    const comparison = compare(trace)
    const found = contradicted(comparison)
    expect(found).toContain(id)
    expect(report(comparison)).toMatch(new RegExp(`Contradicted: \\d+\\n(?:.*\\n)*  ${id} `))
  })
})

describe('ECS-12 beside a trace', () => {
  const look = (id: string) => ({
    service: {
      ...{ serviceArn: 'web', status: 'ACTIVE', taskDefinition: 'arn:x/web:1' },
      deployments: [{ id, status: 'PRIMARY' }],
    },
  })
  const update = (request: JsonObject, id: string) =>
    traceOf(
      ecsExchange('DescribeServices', {}, { services: [look('ecs-svc/1').service] }),
      ecsExchange('UpdateService', { service: 'web', ...request }, look(id)),
    )

  it.each([
    ['another definition and the same deployment', { taskDefinition: 'web:2' }, 'ecs-svc/1'],
    ['force and the same deployment', { forceNewDeployment: true }, 'ecs-svc/1'],
    ['the same definition and a new deployment', { taskDefinition: 'web:1' }, 'ecs-svc/2'],
    ['a desired count and a new deployment', { desiredCount: 3 }, 'ecs-svc/2'],
  ])('is contradicted by %s', (_what, request, id) => {
    expect(contradicted(compare(update(request, id)))).toContain('ECS-12')
  })

  it.each([
    ['another definition and a new deployment', { taskDefinition: 'web:2' }, 'ecs-svc/2'],
    ['the same definition and the same deployment', { taskDefinition: 'web:1' }, 'ecs-svc/1'],
    ['other settings, which it does not judge', { enableExecuteCommand: true }, 'ecs-svc/2'],
  ])('is not contradicted by %s', (_what, request, id) => {
    expect(contradicted(compare(update(request, id)))).not.toContain('ECS-12')
  })
})

describe('ECS-15 beside a trace', () => {
  it('is contradicted by a rollback that is a deployment of its own', () => {
    const look = (...deployments: JsonObject[]) =>
      ecsExchange(
        'DescribeServices',
        {},
        {
          services: [{ serviceArn: 'web', status: 'ACTIVE', deployments }],
        },
      )
    const deployment = (id: string, status: string, rolloutState: string) => ({
      id,
      status,
      rolloutState,
    })
    const trace = traceOf(
      look(deployment('ecs-svc/1', 'PRIMARY', 'COMPLETED')),
      look(deployment('ecs-svc/2', 'PRIMARY', 'IN_PROGRESS')),
      look(
        deployment('ecs-svc/3', 'PRIMARY', 'IN_PROGRESS'),
        deployment('ecs-svc/2', 'ACTIVE', 'FAILED'),
      ),
    )
    expect(contradicted(compare(trace))).toContain('ECS-15')
  })
})

describe('what the SDK does not know', () => {
  it('is listed once, members and words, with the place where it was first seen', () => {
    const service = {
      serviceName: 'web',
      moodOfTheDay: 'good',
      deployments: [{ rolloutState: 'PONDERING', networkConfiguration: { wires: 3 } }],
    }
    const describe = ecsExchange('DescribeServices', {}, { services: [service, service] })
    expect(compare(traceOf(describe, describe)).strangers).toEqual([
      'member DescribeServices.services[].moodOfTheDay (first release, ecs:DescribeServices)',
      'word PONDERING in DescribeServices.services[].deployments[].rolloutState (first release, ecs:DescribeServices)',
      'member DescribeServices.services[].deployments[].networkConfiguration.wires (first release, ecs:DescribeServices)',
    ])
  })

  it('may be a whole operation', () => {
    const { strangers } = compare(traceOf(ecsExchange('DescribeMood', {}, {})))
    expect(strangers).toEqual(['operation ecs:DescribeMood (first release, ecs:DescribeMood)'])
  })
})
