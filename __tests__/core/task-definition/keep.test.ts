import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import {
  familyOf,
  lastServiceRevisions,
  revisionsBeyond,
} from '../../../src/core/task-definition/keep.ts'
import {
  isOwn,
  ownTagKey,
  withOwnTag,
  withoutOwnTag,
} from '../../../src/core/task-definition/own-tag.ts'

const arn = (revision: number) =>
  `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:${revision}`
const arns = (...revisions: readonly number[]) => revisions.map(arn)

describe('revisions beyond those that are kept', () => {
  it('are the older ones, by number and not by text, without those in use', () => {
    const active = arns(9, 10, 11, 2, 1, 3, 8)
    expect(revisionsBeyond(active, 4, new Set(arns(2)))).toEqual(arns(3, 1))
  })

  it('never are in use, and never among the newest', () => {
    const revisions = fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { maxLength: 60 })
    fc.assert(
      fc.property(revisions, revisions, fc.integer({ min: 5, max: 20 }), (active, used, keep) => {
        const beyond = revisionsBeyond(arns(...active), keep, new Set(arns(...used)))
        const newest = active.toSorted((one, other) => other - one).slice(0, keep)
        const stay = new Set([...arns(...newest), ...arns(...used)])
        expect(beyond.filter((each) => stay.has(each))).toEqual([])
        expect(new Set([...beyond, ...stay])).toEqual(new Set([...arns(...active), ...stay]))
      }),
    )
  })

  it('are of one family', () => {
    expect(familyOf(arn(12))).toBe('web')
  })
})

describe('the revisions of the last deployments', () => {
  it('are those of ten, however ECS orders them', () => {
    const serviceDeployments = Array.from({ length: 14 }, (_, i) => ({
      createdAt: i,
      targetServiceRevisionArn: `revision/${i}`,
    }))
    const last = Array.from({ length: 10 }, (_, i) => `revision/${13 - i}`)
    expect(lastServiceRevisions({ serviceDeployments })).toEqual(last)
    expect(lastServiceRevisions({ serviceDeployments: serviceDeployments.toReversed() })).toEqual(
      last,
    )
  })
})

describe('our tag', () => {
  const team = { key: 'team', value: 'shop' }

  it('names the repository, once, and leaves other tags', () => {
    const tagged = withOwnTag({ family: 'web', tags: [team] }, 'octo/shop')
    expect(tagged).toEqual({
      family: 'web',
      tags: [team, { key: ownTagKey, value: 'octo/shop' }],
    })
    const again = withOwnTag(tagged, 'octo/other')
    expect(again['tags']).toEqual([team, { key: ownTagKey, value: 'octo/other' }])
    expect(isOwn([{ key: ownTagKey, value: 'octo/shop' }], 'octo/shop')).toBe(true)
    expect(isOwn([{ key: ownTagKey, value: 'octo/shop' }], 'octo/other')).toBe(false)
    expect(isOwn([team], 'octo/shop')).toBe(false)
  })

  it('goes away without a trace', () => {
    const bare = { family: 'web' }
    expect(withoutOwnTag(withOwnTag(bare, 'octo/shop'))).toEqual(bare)
    expect(withoutOwnTag({ ...bare, tags: [team] })).toEqual({ ...bare, tags: [team] })
  })
})
