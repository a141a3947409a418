import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  assignPlatforms,
  type NodeOffer,
} from '../../../../src/core/buildx/builder/assign-platforms.ts'
import { missingPlatforms } from '../../../../src/core/buildx/builder/missing-platforms.ts'
import type { Platform } from '../../../../src/core/image/platform.ts'

const amd: Platform = 'linux/amd64'
const arm: Platform = 'linux/arm64'
const s390x: Platform = 'linux/s390x'
const node = (name: string, given: Platform[], offered: Platform[]): NodeOffer => ({
  ...{ name, given, offered },
})

describe('assignPlatforms', () => {
  it.each<[string, readonly Platform[], readonly NodeOffer[], [string, Platform[]][]]>([
    ['one node', [amd, arm], [node('0', [], [amd, arm])], []],
    [
      'nobody was given anything',
      [amd, arm],
      [node('0', [], [amd, arm]), node('1', [], [arm])],
      [],
    ],
    ['nothing is contested', [amd, arm], [node('0', [], [amd]), node('1', [arm], [arm])], []],
    [
      'the first emulates',
      [amd, arm],
      [node('0', [], [amd, arm]), node('1', [arm], [arm])],
      [['0', [amd]]],
    ],
    [
      'several may build the rest',
      [amd, arm, s390x],
      [node('0', [], [amd, arm]), node('1', [arm], [arm]), node('2', [], [amd, s390x])],
      [
        ['0', [amd]],
        ['2', [s390x]],
      ],
    ],
    ['all are given', [arm], [node('0', [], [amd, arm]), node('1', [arm], [arm])], []],
    [
      'an older CPU of it is wanted',
      [amd, 'linux/arm/v6'],
      [node('0', [], [amd, 'linux/arm/v7']), node('1', ['linux/arm/v7'], ['linux/arm/v7'])],
      [['0', [amd]]],
    ],
  ])('where %s', (_what, wanted, nodes, expected) => {
    expect([...assignPlatforms(wanted, nodes)]).toEqual(expected)
  })

  const platforms = fc.subarray([amd, arm, s390x])
  const offers = fc
    .array(fc.tuple(platforms, platforms), { minLength: 1, maxLength: 4 })
    .map((pairs) => pairs.map(([given, offered], index) => node(`n${index}`, given, offered)))

  it('gives only what a node offers, wanted and not given to anybody, to one node each', () => {
    fc.assert(
      fc.property(platforms, offers, (wanted, nodes) => {
        const taken = nodes.flatMap(({ given }) => given)
        const all = [...assignPlatforms(wanted, nodes)].flatMap(([name, assigned]) => {
          const { given = [], offered = [] } = nodes.find((other) => other.name === name) ?? {}
          expect(given).toEqual([])
          expect(missingPlatforms(assigned, offered)).toEqual([])
          return assigned
        })
        expect(new Set(all).size).toBe(all.length)
        expect(all.every((platform) => wanted.includes(platform))).toBe(true)
        expect(all.some((platform) => taken.includes(platform))).toBe(false)
      }),
    )
  })
})
