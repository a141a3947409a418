import { describe, expect, it } from '@jest/globals'

import { readGates } from '../../../../src/core/inputs/build/gates.ts'
import { InputReader } from '../../../../src/core/inputs/reader.ts'

function read(values: Readonly<Record<string, string>>) {
  const reader = new InputReader(new Map(Object.entries(values)))
  return { gates: readGates(reader), problems: reader.problems.map(({ input }) => input) }
}

describe('the gates', () => {
  it('are open where nothing is given', () => {
    expect(read({})).toEqual({
      gates: { maxImageSize: undefined, scan: { kind: 'off' } },
      problems: [],
    })
  })

  it.each([
    [{ scan: 'report' }, { kind: 'report', timeoutMs: 600_000 }],
    [
      { scan: 'report', 'scan-timeout-minutes': '1' },
      { kind: 'report', timeoutMs: 60_000 },
    ],
    [{ scan: 'gate' }, { kind: 'gate', failOn: 'critical', timeoutMs: 600_000 }],
    [
      { scan: 'gate', 'scan-fail-on': 'low', 'scan-timeout-minutes': '360' },
      { kind: 'gate', failOn: 'low', timeoutMs: 21_600_000 },
    ],
    // What a workflow passes on by default is not taken for a wish.
    [{ scan: 'off', 'scan-fail-on': 'critical', 'scan-timeout-minutes': '10' }, { kind: 'off' }],
  ])('are as %p says', (values, scan) => {
    const { gates, problems } = read(values)
    expect(problems).toEqual([])
    expect(gates.scan).toEqual(scan)
  })

  it('have the size that is allowed', () => {
    expect(read({ 'max-image-size': '500M' }).gates.maxImageSize).toEqual({
      bytes: 500_000_000,
      text: '500M',
    })
  })

  it.each([
    [{ 'max-image-size': 'big' }, 'max-image-size'],
    [{ scan: 'true' }, 'scan'],
    [{ scan: 'gate', 'scan-fail-on': 'severe' }, 'scan-fail-on'],
    [{ scan: 'report', 'scan-fail-on': 'high' }, 'scan-fail-on'],
    [{ 'scan-fail-on': 'high' }, 'scan-fail-on'],
    [{ scan: 'gate', 'scan-timeout-minutes': '0' }, 'scan-timeout-minutes'],
    [{ scan: 'gate', 'scan-timeout-minutes': '361' }, 'scan-timeout-minutes'],
    [{ 'scan-timeout-minutes': '5' }, 'scan-timeout-minutes'],
  ])('are a problem with %p', (values, input) => {
    expect(read(values).problems).toEqual([input])
  })
})
