import { describe, expect, it } from '@jest/globals'

import { parseInputs, type ParsedInputs } from '../../../../src/core/inputs/parse-inputs.ts'
import { inputProblems } from '../../../support/input-problems.ts'

const deploymentArn =
  'arn:aws:ecs:eu-west-1:123456789012:service-deployment/prod/web/oKGEpNVrY9pIEXAMPLE'
const deploy = { mode: 'deploy', service: 'web', 'aws-region': 'eu-west-1' }
const answer = { mode: 'continue', 'hook-action': 'continue', 'deployment-arn': deploymentArn }

function parse(given: Record<string, string>): ParsedInputs {
  return parseInputs(new Map(Object.entries(given)), { region: undefined })
}

const problems = (given: Record<string, string>): readonly string[] =>
  inputProblems(() => parse(given))

describe('inputs about waiting', () => {
  it('wait for the end of the deployment, and for the answer to a pause, by default', () => {
    const { waiting } = parse(deploy).inputs.deploy
    expect(waiting).toEqual({ until: { kind: 'deployed' }, onPause: 'wait' })
  })

  it('are read', () => {
    const given = { ...deploy, 'wait-until': 'stage:BAKE_TIME', 'on-pause': 'return' }
    expect(parse(given).inputs.deploy.waiting).toEqual({
      until: { kind: 'stage', stage: 'BAKE_TIME' },
      onPause: 'return',
    })
  })

  it('tell what is allowed', () => {
    expect(problems({ ...deploy, 'wait-until': 'stage:SOON', 'on-pause': 'resume' })).toEqual([
      expect.stringMatching(/^wait-until: is none of deployed, .*BAKE_TIME, CLEAN_UP$/),
      'on-pause: is none of wait, return, continue, rollback',
    ])
  })

  it('are named in one notice where nobody waits', () => {
    const given = { ...deploy, 'wait-for-service-stability': 'false', 'on-pause': 'return' }
    expect(parse({ ...given, 'wait-for-minutes': '5' }).notices).toEqual([
      '`wait-for-service-stability: false` leaves no use for wait-for-minutes, on-pause',
    ])
  })
})

describe('inputs of an answer', () => {
  it('take service, cluster and region from the ARN of the deployment', () => {
    const { inputs, region } = parse(answer)
    expect(region).toBe('eu-west-1')
    expect(inputs).toMatchObject({
      answer: { action: 'CONTINUE', deploymentArn, hookId: undefined },
      deploy: { services: [{ cluster: 'prod', service: 'web', region: 'eu-west-1' }] },
    })
  })

  it.each([
    ['no action', { 'hook-action': '' }, 'hook-action: is missing; write continue or rollback'],
    [
      'a mistyped action',
      { 'hook-action': 'contniue' },
      'hook-action: is neither continue nor rollback',
    ],
    [
      'an action of another object',
      { 'hook-action': 'constructor' },
      'hook-action: is neither continue nor rollback',
    ],
    [
      'another service',
      { service: 'prod/api' },
      'deployment-arn: is not of the service "prod/api"',
    ],
    [
      'another cluster',
      { service: 'web', cluster: 'test' },
      'deployment-arn: is not of the service "test/web"',
    ],
    [
      'two services',
      { service: 'prod/web, prod/api', 'deployment-arn': '', 'aws-region': 'eu-west-1' },
      'service: names several; one pause is answered at a time',
    ],
    [
      'nothing to act on',
      { 'deployment-arn': '', 'aws-region': 'eu-west-1' },
      'deployment-arn: is missing; give it, or the `service` that is paused',
    ],
    [
      'the ARN of something else',
      { service: 'web', 'deployment-arn': 'arn:aws:ecs:eu-west-1:123456789012:service/prod/web' },
      'deployment-arn: is not the ARN of a service deployment',
    ],
    ['no hook id', { 'hook-id': '../hook' }, 'hook-id: is not the id of a lifecycle hook'],
  ])('are refused with %s', (_what, given, problem) => {
    expect(problems({ 'aws-region': 'eu-west-1', ...answer, ...given })).toContain(problem)
  })

  it('are errors in every other mode, for they say what to act on', () => {
    const given = { 'hook-action': 'continue', 'hook-id': 'h', 'deployment-arn': deploymentArn }
    expect(problems({ ...deploy, ...given })).toEqual([
      'hook-action: is for mode continue, and this is mode deploy',
      'deployment-arn: is for mode continue, and this is mode deploy',
      'hook-id: is for mode continue, and this is mode deploy',
    ])
  })

  it('stand beside the inputs of other modes, which are named', () => {
    const { notices } = parse({
      ...answer,
      'task-definition': 'web.json',
      platforms: 'linux/amd64',
    })
    expect(notices).toEqual(['mode continue does not use platforms, task-definition'])
  })
})
