import { describe, expect, it } from '@jest/globals'

import { findFargateMismatch } from '../../../src/core/task-definition/fargate-size.ts'

const memories = Array.from({ length: 260 }, (_, i) => (i + 1) * 512)
const memoriesOf = (cpu: number) =>
  memories.filter((memory) => findFargateMismatch(String(cpu), String(memory)) === undefined)

describe('the sizes of Fargate tasks', () => {
  // How many pairs the developer guide's table has per cpu, and its ends.
  it.each([
    [256, 3, 512, 2048],
    [512, 4, 1024, 4096],
    [1024, 7, 2048, 8192],
    [2048, 13, 4096, 16_384],
    [4096, 23, 8192, 30_720],
    [8192, 12, 16_384, 61_440],
    [16_384, 12, 32_768, 122_880],
  ])('with cpu %d are %d, from memory %d to %d', (cpu, count, from, to) => {
    const allowed = memoriesOf(cpu)
    expect(allowed).toHaveLength(count)
    expect([allowed[0], allowed.at(-1)]).toEqual([from, to])
  })

  it('are told where there is none', () => {
    expect(findFargateMismatch('256', '333')).toBe(
      'Fargate has no memory 333 for cpu 256; it has 512, 1024 or 2048',
    )
    expect(findFargateMismatch('1024', '1024')).toBe(
      'Fargate has no memory 1024 for cpu 1024; it has 2048 to 8192 in steps of 1024',
    )
    expect(findFargateMismatch('300', '1024')).toMatch(/^Fargate has no cpu 300; it has 256, 512/)
  })

  it('beyond the largest we know are for ECS to judge', () => {
    expect(findFargateMismatch('32768', '1')).toBeUndefined()
  })
})
