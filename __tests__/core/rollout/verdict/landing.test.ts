import { describe, expect, it } from '@jest/globals'

import { settle, type Landing } from '../../../../src/core/rollout/verdict/landing.ts'

const final = (outcome: Extract<Landing, { kind: 'final' }>['outcome']): Landing => ({
  ...{ kind: 'final', outcome, reason: 'ECS says so.' },
})
const underWay: Landing = { kind: 'under-way', condition: 'ECS has finished', forMs: 61_400 }

describe('settle', () => {
  it.each([
    ['rolled-back', final('rolled-back'), false],
    ['rollback-failed', final('rollback-failed'), false],
    ['deployed', final('deployed'), false],
    ['superseded', final('superseded'), false],
    ['failed', final('failed'), false],
    ['failed', final('stopped'), false],
    ['failed', underWay, true],
    ['failed', { kind: 'not-asked', why: 'no permission' }, true],
    ['unknown', { kind: 'lost', message: 'no credentials' }, true],
  ] as const)('calls a failed deployment %s after %j', (outcome, landing, goesOn) => {
    expect(settle('failed', landing)).toMatchObject({ outcome, goesOn })
  })

  it.each([
    [final('rolled-back'), 'ECS rolled it back as asked (ECS says so)'],
    [final('rollback-failed'), 'the rollback failed, too'],
    [final('deployed'), 'ECS completed the deployment before the rollback began'],
    [underWay, 'still awaited, for 61 s: ECS has finished'],
    [{ kind: 'not-asked', why: 'no permission' } as const, 'it is not rolled back: no permission'],
    [{ kind: 'lost', message: 'gone' } as const, 'lost sight of the rollback: gone'],
  ])('leaves a late deployment timed-out and tells where it landed: %j', (landing, text) => {
    const settled = settle('timed-out', landing)
    expect(settled.outcome).toBe('timed-out')
    expect(settled.landed).toContain(text)
  })

  it('never advises to look after a deployment that has landed', () => {
    expect(settle('timed-out', final('rolled-back')).remedy).toBe(
      'Raise `wait-for-minutes` if it needs longer.',
    )
    expect(settle('failed', final('failed')).remedy).toContain('`mode: rollback`')
  })
})
