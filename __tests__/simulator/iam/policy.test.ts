import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { Context } from '../../../simulator/iam/policy/condition.ts'
import { parsePolicy, readPolicy } from '../../../simulator/iam/policy/document.ts'
import { evaluate, type Verdict } from '../../../simulator/iam/policy/evaluate.ts'
import type { Json, JsonObject } from '../../../simulator/wire/service.ts'

const SERVICE = 'arn:aws:ecs:us-east-1:123456789012:service/main/web'

function policyOf(...statements: readonly JsonObject[]) {
  return readPolicy({ Version: '2012-10-17', Statement: [...statements] })
}

function verdict(statements: readonly JsonObject[], action: string, context: Context = {}) {
  return evaluate([policyOf(...statements)], { action, resource: SERVICE, context })
}

describe('a statement', () => {
  it.each<[string, JsonObject, Verdict]>([
    ['the action by name', { Action: 'ecs:UpdateService', Resource: '*' }, 'allowed'],
    ['the action in other case', { Action: 'ECS:updateservice', Resource: '*' }, 'allowed'],
    ['one of several actions', { Action: ['ecr:*', 'ecs:Upd*'], Resource: '*' }, 'allowed'],
    ['another action', { Action: 'ecs:UpdateServic', Resource: '*' }, 'unmentioned'],
    ['every other action', { NotAction: 'ecs:DeleteService', Resource: '*' }, 'allowed'],
    ['not this action', { NotAction: 'ecs:*', Resource: '*' }, 'unmentioned'],
    ['the resource', { Action: '*', Resource: SERVICE }, 'allowed'],
    ['a pattern of it', { Action: '*', Resource: 'arn:aws:ecs:*:*:service/main/*' }, 'allowed'],
    ['another resource', { Action: '*', Resource: `${SERVICE}2` }, 'unmentioned'],
    ['a resource in other case', { Action: '*', Resource: SERVICE.toUpperCase() }, 'unmentioned'],
    ['every other resource', { Action: '*', NotResource: 'arn:aws:s3:::*' }, 'allowed'],
  ])('IAM-1 that names %s: %s', (_what, statement, expected) => {
    expect(verdict([{ Effect: 'Allow', ...statement }], 'ecs:UpdateService')).toBe(expected)
  })

  const cluster = 'arn:aws:ecs:us-east-1:123456789012:cluster/main'
  it.each<[string, JsonObject, Context, boolean]>([
    ['StringEquals', { StringEquals: { k: 'a' } }, { k: 'a' }, true],
    ['StringEquals of one of several', { StringEquals: { k: ['b', 'a'] } }, { k: 'a' }, true],
    [
      'a key in other case',
      { StringEquals: { 'ECS:CreateAction': 'a' } },
      { 'ecs:createaction': 'a' },
      true,
    ],
    ['StringEquals without the key', { StringEquals: { k: 'a' } }, {}, false],
    ['StringEqualsIfExists without it', { StringEqualsIfExists: { k: 'a' } }, {}, true],
    ['StringNotEquals without it', { StringNotEquals: { k: 'a' } }, {}, true],
    ['StringNotEquals', { StringNotEquals: { k: 'a' } }, { k: 'a' }, false],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { k: 'A' } }, { k: 'a' }, true],
    ['StringLike', { StringLike: { k: 'repo:octo/*' } }, { k: 'repo:octo/x:ref' }, true],
    ['StringNotLike', { StringNotLike: { k: 'repo:*' } }, { k: 'repo:octo' }, false],
    ['ArnEquals', { ArnEquals: { 'ecs:cluster': cluster } }, { 'ecs:cluster': cluster }, true],
    ['ArnLike', { ArnLike: { k: 'arn:aws:ecs:*:*:cluster/m*' } }, { k: cluster }, true],
    [
      'ArnLike over a colon',
      { ArnLike: { k: 'arn:aws:ecs:*:cluster/main' } },
      { k: cluster },
      false,
    ],
    ['Bool', { Bool: { k: 'true' } }, { k: 'true' }, true],
    ['Null of what is not there', { Null: { k: 'true' } }, {}, true],
    ['Null of what is there', { Null: { k: 'true' } }, { k: 'a' }, false],
    ['ForAnyValue', { 'ForAnyValue:StringEquals': { k: 'a' } }, { k: ['b', 'a'] }, true],
    ['ForAnyValue without the key', { 'ForAnyValue:StringEquals': { k: 'a' } }, {}, false],
    ['ForAllValues', { 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['b', 'a'] }, true],
    [
      'ForAllValues with one too many',
      { 'ForAllValues:StringEquals': { k: 'a' } },
      { k: ['b', 'a'] },
      false,
    ],
    ['ForAllValues without the key', { 'ForAllValues:StringEquals': { k: 'a' } }, {}, true],
    [
      'two operators, one unmet',
      { StringEquals: { k: 'a' }, StringLike: { k: 'b*' } },
      { k: 'a' },
      false,
    ],
  ])('IAM-2 under %s', (_what, condition, context, met) => {
    const statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition }
    expect(verdict([statement], 'ecs:RunTask', context)).toBe(met ? 'allowed' : 'unmentioned')
  })
})

describe('policies together', () => {
  const effect = fc.constantFrom('Allow', 'Deny')
  const action = fc.constantFrom('ecs:*', 'ecs:RunTask', 'ecr:*', '*')
  const statement = fc.record({ Effect: effect, Action: action, Resource: fc.constant('*') })

  it('IAM-3 deny whatever one statement denies, in any order', () => {
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1 }), (statements) => {
        const denied = statements.some(
          ({ Effect, Action }) => Effect === 'Deny' && Action !== 'ecr:*',
        )
        const allowed = statements.some(
          ({ Effect, Action }) => Effect === 'Allow' && Action !== 'ecr:*',
        )
        const expected = denied ? 'denied' : allowed ? 'allowed' : 'unmentioned'
        expect(verdict(statements, 'ecs:RunTask')).toBe(expected)
        expect(verdict(statements.toReversed(), 'ecs:RunTask')).toBe(expected)
      }),
    )
  })
})

describe('a document', () => {
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' }
  it.each<[string, Json, string]>([
    ['that is a list', [], 'Syntax errors in policy.'],
    ['of an unknown version', { Version: '2020-01-01', Statement: allow }, 'Syntax errors'],
    ['of an unknown effect', { Statement: { ...allow, Effect: 'Maybe' } }, 'Syntax errors'],
    ['with a misspelt member', { Statement: { ...allow, Resources: '*' } }, 'Syntax errors'],
    ['without actions', { Statement: { Effect: 'Allow', Resource: '*' } }, 'must contain actions.'],
    ['without resources', { Statement: { Effect: 'Allow', Action: '*' } }, 'contain resources.'],
    ['with a principal', { Statement: { ...allow, Principal: '*' } }, 'not specify a principal.'],
    ['with a variable', { Statement: { ...allow, Resource: 'a/${aws:username}' } }, 'variables'],
    [
      'with an unknown operator',
      { Statement: { ...allow, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } } },
      "operator 'IpAddress' is not one of",
    ],
  ])('IAM-4 %s is refused, never half understood', (_what, document, text) => {
    expect(() => readPolicy(document)).toThrow(text)
  })

  it('IAM-4 that is no JSON is refused', () => {
    expect(() => parsePolicy('{')).toThrow('This policy contains invalid Json')
  })

  it('IAM-4 of a resource needs a principal and no resource', () => {
    expect(() => readPolicy({ Statement: { Effect: 'Allow', Action: '*' } }, 'resource')).toThrow(
      'Missing required field Principal',
    )
    const open = { Statement: { Effect: 'Allow', Action: '*', Principal: '*' } }
    expect(readPolicy(open, 'resource').statements).toHaveLength(1)
  })
})
