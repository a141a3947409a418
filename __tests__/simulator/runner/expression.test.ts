import { describe, expect, it } from '@jest/globals'

import { evaluateDefault, holds } from '../../../simulator/github/runner/expression.ts'

const contexts = { github: { token: 't0', base_ref: '' } }

describe('evaluateDefault', () => {
  it.each([
    ['plain', 'plain'],
    ['${{ github.token }}', 't0'],
    ['a-${{github.base_ref}}-${{ github.missing }}', 'a--'],
    ["${{ github.base_ref || 'it''s' }}", "it's"],
  ])('evaluates %j', (template, value) => {
    expect(evaluateDefault(template, contexts)).toBe(value)
  })

  it.each(['${{ secrets.x }}', '${{ github.a == 1 }}', '${{ format(github.token) }}'])(
    'refuses %j',
    (template) => {
      expect(() => evaluateDefault(template, contexts)).toThrow('not known here')
    },
  )
})

describe('holds', () => {
  it.each([
    ['always()', [true, true, true]],
    ['success()', [true, false, false]],
    ['failure()', [false, true, false]],
    ['cancelled()', [false, false, true]],
    ['! cancelled()', [true, true, false]],
  ])('decides %s', (condition, expected) => {
    const decisions = (['success', 'failure', 'cancelled'] as const).map((s) => holds(condition, s))
    expect(decisions).toEqual(expected)
  })

  it('refuses a condition that it cannot decide', () => {
    expect(() => holds("runner.os == 'Linux'", 'success')).toThrow('not known here')
  })
})
