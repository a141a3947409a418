import { describe, expect, it } from '@jest/globals'

import { tellTruth } from '../../simulator/histories/oracle.ts'
import { deployHistory, type Deployed } from './deploy-history.ts'
import { contradictions, describeCase } from './judgement.ts'
import { history, minutes } from './usual-history.ts'

const benign = history({})
const failing = history({
  tasks: {
    first: [{ kind: 'pull-trouble', startsAfterMs: 1_000 }],
    then: { kind: 'crashes', startsAfterMs: 2_000, afterMs: 3_000, exitCode: 3 },
  },
  disturbances: [{ atMs: minutes(9), kind: 'supersede' }],
})

/** What was said with one thing of it made false. */
const falsified = (deployed: Deployed, lie: Partial<Deployed['outcome']>): Deployed => ({
  ...deployed,
  outcome: { ...deployed.outcome, ...lie },
})

describe('the judgement of what the action says', () => {
  it('finds nothing against the truth', async () => {
    for (const one of [benign, failing]) {
      expect(contradictions(tellTruth(one), await deployHistory(one, 'in-process'))).toEqual([])
    }
  })

  it('finds a false success', async () => {
    const deployed = await deployHistory(failing, 'in-process')
    const lie = falsified(deployed, { outcome: 'deployed', verified: true })
    expect(contradictions(tellTruth(failing), lie)).toEqual([
      'deployed is not true',
      "deployed, but ECS's record ended STOPPED",
      'deployed, but PRIMARY is web:2, IN_PROGRESS',
      'verified, but other digests run',
    ])
  })

  it('finds a false failure, a false name and a missing proof', async () => {
    const deployed = await deployHistory(benign, 'in-process')
    const truth = tellTruth(benign)
    const failed = falsified(deployed, { outcome: 'failed', verified: false })
    expect(contradictions(truth, failed)).toEqual([
      'failed is not true',
      'red without cause and remedy',
    ])
    const unproven = falsified(deployed, { verified: false })
    expect(contradictions(truth, unproven)).toEqual(['not verified, though it can be'])
    const foreign = { ...deployed, live: { ...deployed.live, ours: false } }
    expect(contradictions(truth, foreign)).toEqual(['verified, but other digests run'])
  })

  it('finds a second UpdateService and an engine that ends otherwise', async () => {
    const deployed = await deployHistory(benign, 'in-process')
    const twice = { ...deployed, updates: 2, status: 'STOPPED' }
    expect(contradictions(tellTruth(benign), twice)).toEqual([
      'UpdateService was sent 2 times',
      "ECS's record ended STOPPED, not SUCCESSFUL",
      "deployed, but ECS's record ended STOPPED",
    ])
  })

  it('prints a history as a timeline', async () => {
    const deployed = await deployHistory(failing, 'in-process')
    expect(describeCase(failing, tellTruth(failing), deployed).split('\n')).toEqual([
      'service: desired 2, healthy 100-200 %, no breaker, no health check, no load balancer, a deployment before',
      'tasks:   pull-trouble (1 s to start); then each crashes after 3 s with 3 (2 s to start)',
      "+540 s    somebody else's UpdateService",
      'run:     deadline 1800 s, max-task-failures 3',
      'truth:   failed (tasks keep failing, and neither breaker nor alarms judge)',
      expect.stringMatching(/^action: {2}failed at \+\d+\.?\d* s: .*\d tasks failed/),
      'ECS:     STOPPED',
    ])
  })
})
