import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import type { JsonObject } from '../../../../src/core/json.ts'
import {
  chooseRollbackTarget,
  type PastDeployment,
} from '../../../../src/core/plan/service/rollback.ts'

/** A definition whose content is `name`; the number of its revision is no content. */
const definition = (name: string, revision = 1): JsonObject => ({
  family: 'web',
  revision,
  containerDefinitions: [{ name: 'app', image: `host/web:${name}` }],
})

/** `a` deployed well, `a!` rolled back, `a?` whose definition is deleted; the oldest first. */
function historyOf(words: string): readonly PastDeployment[] {
  return words.split(' ').map((word, i) => ({
    arn: `deployment/${i}`,
    status: word.endsWith('!') ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL',
    createdAt: new Date(i * 60_000),
    taskDefinitionArn: `web:${i}`,
    definition: word.endsWith('?') ? undefined : definition(word.replace('!', ''), i),
    images: [],
  }))
}

describe('chooseRollbackTarget', () => {
  it.each([
    ['the one before', 'a b', 'b', 'deployment/0'],
    ['no failed one', 'a b! c', 'c', 'deployment/0'],
    ['the one before all deployments of the same content', 'a b b b', 'b', 'deployment/0'],
    ['never forth to what was left by a rollback', 'a b c b', 'b', 'deployment/0'],
    ['past a deleted definition', 'a b? c', 'c', 'deployment/0'],
    ['the newest of the older ones', 'a b c', 'c', 'deployment/1'],
  ])('goes back to %s', (_what, words, current, arn) => {
    const target = chooseRollbackTarget(definition(current, 99), historyOf(words))
    expect(target).toMatchObject({ kind: 'found', deployment: { arn } })
  })

  it.each([
    ['the first deployment', 'a', 'a', /older than the current definition/],
    ['a second rollback past the first', 'a b a', 'a', /older than the current definition/],
    ['only failures before', 'a! b! c', 'c', /older than the current definition/],
    ['a definition that the history has forgotten', 'a b', 'z', /history of 90 days/],
  ])('finds nothing for %s', (_what, words, current, why) => {
    const target = chooseRollbackTarget(definition(current), historyOf(words))
    expect(target).toEqual({ kind: 'none', why: expect.stringMatching(why) })
  })

  it('never returns to the content it leaves, nor comes back in rollback after rollback', () => {
    const histories = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean()), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(histories, (steps) => {
        const words = steps.map(([name, good]) => `${name}${good ? '' : '!'}`)
        const left: string[] = []
        for (let current: string = steps.at(-1)?.[0] ?? ''; ;) {
          const target = chooseRollbackTarget(definition(current), historyOf(words.join(' ')))
          if (target.kind === 'none') return
          left.push(current)
          const { image } = (
            target.definition['containerDefinitions'] as readonly { image: string }[]
          )[0] ?? { image: '' }
          current = image.replace('host/web:', '')
          expect(left).not.toContain(current)
          words.push(current)
        }
      }),
    )
  })

  it('does not depend on the order in which ECS lists', () => {
    const history = historyOf('a b c! d')
    const shuffled = fc.shuffledSubarray([...history], { minLength: history.length })
    fc.assert(
      fc.property(shuffled, (given) => {
        expect(chooseRollbackTarget(definition('d'), given)).toEqual(
          chooseRollbackTarget(definition('d'), history),
        )
      }),
    )
  })
})
