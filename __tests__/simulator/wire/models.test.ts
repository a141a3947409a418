import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import * as logsSdk from '@aws-sdk/client-cloudwatch-logs'
import * as ecrSdk from '@aws-sdk/client-ecr'
import * as ecsSdk from '@aws-sdk/client-ecs'
import * as stsSdk from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { createServices, type Services } from '../../../simulator/services.ts'
import { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'
import { clientOptions, openAccount, refusal } from '../account.ts'
import { deviations, memberPaths, operationModel, type SdkModule } from './model.ts'
import { playEverything, type PlayedCall } from './played-calls.ts'

const SDKS: Readonly<Record<string, SdkModule>> = {
  ecs: ecsSdk,
  ecr: ecrSdk,
  sts: stsSdk,
  logs: logsSdk,
}

let services: Services
let played: readonly PlayedCall[]
beforeAll(async () => {
  const clock = new VirtualClock()
  services = await createServices({ clock, registry: { foreignImages: 'assume' } })
  played = await playEverything(services, clock)
})
afterAll(() => services.close())

function answered(): readonly (readonly [service: string, operation: string])[] {
  const { ecs, ecr, sts, logs } = services
  const operations = {
    ecs: ecs.operations,
    ecr: ecr.operations,
    sts: { ...sts.operations, ...sts.anonymous },
    logs: logs.operations,
  }
  return Object.entries(operations).flatMap(([service, known]) =>
    Object.keys(known).map((operation) => [service, operation] as const),
  )
}

describe('the models of the SDK', () => {
  it('WIRE-9 know every operation that the simulator answers', () => {
    const unknown = answered().filter(
      ([service, operation]) =>
        operationModel(SDKS[service] ?? {}, operation) === undefined ||
        SDKS[service]?.[`${operation}Command`] === undefined,
    )
    expect(unknown).toEqual([])
  })

  it('WIRE-9 hold for every answer: required members are there, none is strange, types are right', () => {
    expect(new Set(played.map(({ operation }) => operation)).size).toBeGreaterThan(35)
    const strange = played.flatMap(({ service, operation, output }) => {
      const model = operationModel(SDKS[service] ?? {}, operation)?.output
      return deviations(model, output, operation, service === 'sts' ? 'string' : 'number')
    })
    expect(strange).toEqual([])
  })

  it('WIRE-9 would find a missing, a strange and a mistyped member', () => {
    const model = operationModel(ecsSdk, 'DescribeServices')?.output
    const services = [{ serviceName: 1, deploymentController: {}, alarms: [], desiredCount: 2 }]
    expect(deviations(model, { services, failures: [{ arn: 'a' }] })).toEqual([
      '.services[].serviceName is not a string',
      '.services[].deploymentController.type is missing',
      '.services[].alarms is not in the model',
    ])
  })
})

describe('input members that the SDK knows', () => {
  const fixture = join(import.meta.dirname, 'sdk-inputs.json')

  it.each(['RegisterTaskDefinition', 'CreateService', 'UpdateService'])(
    'WIRE-10 of %s are those of the fixture',
    async (operation) => {
      const known = memberPaths(operationModel(ecsSdk, operation)?.input)
      const kept = JSON.parse(await readFile(fixture, 'utf8')) as Record<string, readonly string[]>
      expect(changes(operation, kept[operation] ?? [], known)).toEqual([])
    },
  )

  it('WIRE-10 would be noticed when they change, with a sentence that says what to do', () => {
    expect(changes('UpdateService', ['cluster', 'force'], ['cluster', 'mode'])).toEqual([
      "The SDK's UpdateService now takes 'mode': give it a rule in simulator/SPEC.md and a place " +
        'in simulator/ecs, decide in src/core whether the action renders, compares or refuses it, ' +
        'then add it to __tests__/simulator/wire/sdk-inputs.json.',
      "The SDK's UpdateService no longer takes 'force': see whether AWS took it back, then remove " +
        'it from simulator/, src/core and __tests__/simulator/wire/sdk-inputs.json.',
    ])
  })
})

function changes(
  operation: string,
  kept: readonly string[],
  known: readonly string[],
): readonly string[] {
  const fixture = '__tests__/simulator/wire/sdk-inputs.json'
  const added = known.filter((path) => !kept.includes(path))
  const gone = kept.filter((path) => !known.includes(path))
  return [
    ...added.map(
      (path) =>
        `The SDK's ${operation} now takes '${path}': give it a rule in simulator/SPEC.md and a ` +
        'place in simulator/ecs, decide in src/core whether the action renders, compares or ' +
        `refuses it, then add it to ${fixture}.`,
    ),
    ...gone.map(
      (path) =>
        `The SDK's ${operation} no longer takes '${path}': see whether AWS took it back, then ` +
        `remove it from simulator/, src/core and ${fixture}.`,
    ),
  ]
}

describe('an operation that the simulator does not have', () => {
  it('WIRE-2 is unknown to the SDK’s caller in AWS’s own words', async () => {
    const account = await openAccount()
    const client = new ecsSdk.ECSClient(clientOptions(account.simulator, account.administrator))
    const command = new ecsSdk.DiscoverPollEndpointCommand({})
    const told = await refusal(client.send(command))
    await account.simulator.close()
    expect(told.name).toBe('UnknownOperationException')
  })
})
