import { describe, expect, it } from '@jest/globals'

import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import { stringsAt, type JsonObject } from '../../src/core/json.ts'
import { joinedReads } from '../../src/core/rollout/pace/joined-read.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import { Fleet } from '../support/fleet.ts'

const ends = (outcomes: readonly ServiceOutcome[]) =>
  outcomes.map(({ outcome, verified }) => (verified ? `${outcome} verified` : outcome))
const all = (count: number) => Array.from({ length: count }, () => 'deployed verified')
const latencyMs = 80

function refusal(operation: string, code: string): AwsFailure {
  return new AwsFailure({ service: 'ECS', operation, code, httpStatus: 400, message: 'no' })
}

describe('a run of many services', () => {
  it('brings a hundred in four clusters to their ends, and AWS throttles no call of it', async () => {
    const fleet = await Fleet.create({ services: 100, clusters: 4, latencyMs })
    expect(ends(await fleet.deploy())).toEqual(all(100))
    const throttled = Object.values(fleet.calls()).map((call) => call.throttled)
    expect(throttled.every((count) => count === 0)).toBe(true)
  })

  it('asks for ten services and twenty deployments at a time', async () => {
    const fleet = await Fleet.create({ services: 40, latencyMs })
    const sizes = (operation: string, member: string) =>
      fleet.log
        .list('ecs', operation)
        .map(({ input }) => stringsAt(input as JsonObject, member).length)
    const startMs = fleet.clock.monotonicMs()
    expect(ends(await fleet.deploy())).toEqual(all(40))
    expect(Math.max(...sizes('DescribeServices', 'services'))).toBe(
      joinedReads.describeServices.most,
    )
    const deployments = sizes('DescribeServiceDeployments', 'serviceDeploymentArns')
    expect(Math.max(...deployments)).toBe(joinedReads.describeServiceDeployments.most)
    // Two calls a round, and as much again for those who have not met yet; not forty.
    const rounds = (fleet.clock.monotonicMs() - startMs) / 4_000
    expect(deployments.length).toBeLessThan(2 * 2 * rounds + 40)
  })

  it('sees the others where one may not be read, by names that IAM refuses a call whole for', async () => {
    const fleet = await Fleet.create({ services: 12, latencyMs })
    let updated = false
    const refuses = (input: JsonObject) =>
      updated && stringsAt(input, 'services').includes('web-5')
        ? Promise.reject(refusal('DescribeServices', 'AccessDeniedException'))
        : fleet.ecs.describeServices(input)
    const updates = (input: JsonObject) => {
      updated = true
      return fleet.ecs.updateService(input)
    }
    const ecs = { ...fleet.ecs, describeServices: refuses, updateService: updates }
    const outcomes = ends(await fleet.deploy({}, ecs))
    expect(outcomes[5]).toBe('unknown')
    expect(outcomes.toSpliced(5, 1)).toEqual(all(11))
  })

  it('goes on seeing the others when one is deleted meanwhile', async () => {
    const fleet = await Fleet.create({ services: 12, latencyMs })
    fleet.virtual.schedule(15_000, () => {
      const service = { cluster: 'prod-0', service: 'web-3', force: true }
      void fleet.ask('DeleteService', service)
    })
    const outcomes = ends(await fleet.deploy())
    expect(outcomes.toSpliced(3, 1)).toEqual(all(11))
    expect(outcomes[3]).toBe('stopped')
  })

  it('calls a long throttling no failure: all slow down as one, and end right after it', async () => {
    const fleet = await Fleet.create({ services: 30, latencyMs })
    const untilMs = fleet.clock.monotonicMs() + 300_000
    let updates = 0
    const looksAtMs = new Set<number>()
    const throttles = (input: JsonObject) => {
      const nowMs = fleet.clock.monotonicMs()
      if (updates === 0 || nowMs > untilMs) return fleet.ecs.describeServices(input)
      looksAtMs.add(nowMs)
      return Promise.reject(refusal('DescribeServices', 'ThrottlingException'))
    }
    const counts = (input: JsonObject) => {
      updates += 1
      return fleet.ecs.updateService(input)
    }
    const ecs = { ...fleet.ecs, describeServices: throttles, updateService: counts }
    expect(ends(await fleet.deploy({}, ecs))).toEqual(all(30))
    // From 4 s on doubled up to 30 s, and not once for each of thirty services.
    expect(looksAtMs.size).toBeLessThan(25)
  })
})

describe('permissions that are missing for many services', () => {
  const refused = refusal('ListTasks', 'AccessDeniedException')
  const denied = (fleet: Fleet, services: number) => {
    const isDenied = (input: JsonObject) =>
      Array.from({ length: services }, (_, i) => `web-${i}`).some((name) =>
        JSON.stringify(input).includes(`${name}"`),
      )
    return {
      ...fleet.ecs,
      listTasks: (input: JsonObject) =>
        isDenied(input) ? Promise.reject(refused) : fleet.ecs.listTasks(input),
    }
  }

  it('are told in one warning each, not in one for each service', async () => {
    const fleet = await Fleet.create({ services: 6, latencyMs })
    await fleet.deploy({}, denied(fleet, 6))
    const warnings = fleet.report.warnings.filter((text) => text.includes('without the permission'))
    expect(warnings).toEqual([expect.stringContaining('ecs:ListTasks')])
  })

  it('are gone without for those services alone that they are missing for', async () => {
    const fleet = await Fleet.create({ services: 2, latencyMs })
    const asked: unknown[] = []
    const ecs = denied(fleet, 1)
    const listTasks = (input: JsonObject) => {
      asked.push(input['serviceName'])
      return ecs.listTasks(input)
    }
    await fleet.deploy({}, { ...ecs, listTasks })
    expect(asked.filter((name) => name === 'web-0').length).toBeLessThanOrEqual(2)
    expect(asked.filter((name) => name === 'web-1').length).toBeGreaterThan(2)
  })
})

describe('what one service costs', () => {
  it('is not joined with anything: two calls a round', async () => {
    const fleet = await Fleet.create({ services: 1 })
    expect(ends(await fleet.deploy())).toEqual(all(1))
    const asked = fleet.log.list('ecs', 'DescribeServices').map(({ atMs }) => atMs)
    const rests = asked.slice(2, -3).map((atMs, look) => (asked[look + 3] ?? 0) - atMs)
    for (const restMs of rests) {
      expect(restMs).toBeGreaterThanOrEqual(3_600)
      expect(restMs).toBeLessThanOrEqual(4_400)
    }
    expect(rests.length).toBeGreaterThan(5)
  })
})
