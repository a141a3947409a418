import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { parseDigest } from '../../../src/core/image/digest.ts'
import { gateErrors } from '../../../src/core/scan/scan-gate.ts'
import { describeScan } from '../../../src/core/scan/scan-lines.ts'
import {
  judgeScan,
  type ImageScan,
  type PlatformScan,
  type ScanVerdict,
} from '../../../src/core/scan/scan-verdict.ts'
import {
  countAtLeast,
  describeCounts,
  severities,
  severityRank,
} from '../../../src/core/scan/severity.ts'

const digest = parseDigest(`sha256:${'a'.repeat(64)}`)
const finding = (severity: string, name = 'CVE-1') => ({
  name,
  severity,
  packageName: 'openssl 3.0',
})
const scan = (members: Partial<ImageScan>): ImageScan => ({
  status: 'COMPLETE',
  description: undefined,
  counts: undefined,
  completedAt: undefined,
  findings: [],
  ...members,
})
const scanned = (counts: Record<string, number>, findings = [finding('low')]): ScanVerdict => ({
  kind: 'scanned',
  counts,
  findings,
})
const of = (verdict: ScanVerdict, platform: 'linux/amd64' | 'linux/arm64' = 'linux/amd64') =>
  ({ platform, digest, verdict }) satisfies PlatformScan
const rule = { failOn: 'high', timeoutMs: 600_000 } as const

describe('severities', () => {
  it('count everything that is as grave or graver', () => {
    const counts = { critical: 1, high: 2, medium: 4, low: 8, informational: 16, untriaged: 32 }
    expect(severities.map((severity) => countAtLeast(counts, severity))).toEqual([1, 3, 7, 15])
  })

  it('are told from the gravest on, and not where there are none', () => {
    expect(describeCounts({ low: 1, critical: 2, odd: 3, untriaged: 1, high: 0 })).toBe(
      '2 critical, 1 low, 1 untriaged, 3 odd',
    )
    expect(describeCounts({ high: 0 })).toBe('no findings')
    expect(severityRank('odd')).toBeGreaterThan(severityRank('untriaged'))
  })
})

describe('judgeScan', () => {
  it.each(['PENDING', 'IN_PROGRESS'])('waits where the scan is %s', (status) => {
    expect(judgeScan(scan({ status, description: 'Wait.' }))).toEqual({
      kind: 'pending',
      why: `${status}: Wait.`,
    })
  })

  it.each(['COMPLETE', 'ACTIVE'])('waits for the findings of a scan that is %s', (status) => {
    expect(judgeScan(scan({ status })).kind).toBe('pending')
    expect(judgeScan(scan({ status, completedAt: new Date(0) }))).toEqual(scanned({}, []))
    expect(judgeScan(scan({ status, counts: { low: 1 } })).kind).toBe('scanned')
  })

  it.each(['COMPLETE', 'ACTIVE'])(
    'does not take a scan that is %s for clean before it has ended',
    (status) => {
      for (const counts of [{}, { high: 0 }]) {
        expect(judgeScan(scan({ status, counts })).kind).toBe('pending')
        expect(judgeScan(scan({ status, counts, findings: [finding('low')] })).kind).toBe('pending')
        const ended = scan({ status, counts, completedAt: new Date(0) })
        expect(judgeScan(ended)).toEqual(scanned(counts, []))
      }
    },
  )

  it('counts the findings themselves where ECR gives no counts', () => {
    const findings = [finding('low'), finding('critical'), finding('low')]
    const verdict = judgeScan(scan({ completedAt: new Date(0), findings }))
    expect(verdict).toMatchObject({ counts: { low: 2, critical: 1 } })
    expect(verdict).toMatchObject({ findings: [{ severity: 'critical' }, {}, {}] })
  })

  it.each([
    'FAILED',
    'UNSUPPORTED_IMAGE',
    'SCAN_ELIGIBILITY_EXPIRED',
    'FINDINGS_UNAVAILABLE',
    'LIMIT_EXCEEDED',
    'IMAGE_ARCHIVED',
    'SOMETHING_NEW',
  ])('takes %s for an image that nothing is known of', (status) => {
    const verdict = judgeScan(scan({ status, description: 'No.', counts: {} }))
    expect(verdict).toEqual({ kind: 'unavailable', why: `${status}: No.` })
  })
})

describe('a gate', () => {
  it('lets pass what has only findings that are less grave', () => {
    const passes = of(scanned({ medium: 3, informational: 1, undefined: 1 }))
    expect(gateErrors([passes, of(scanned({}, []), 'linux/arm64')], rule, 'w')).toEqual([])
  })

  it('names severity, platforms, counts and the findings that shut it', () => {
    const findings = [finding('critical', 'CVE-9'), finding('low')]
    const [error, ...more] = gateErrors(
      [of(scanned({ critical: 1, low: 1 }, findings)), of(scanned({}, []), 'linux/arm64')],
      rule,
      'h/web@d',
    )
    expect(more).toEqual([])
    expect(error?.code).toBe('vulnerabilities-found')
    expect(error?.message).toBe(
      '"h/web@d" has findings of severity "high" or higher: linux/amd64 1 critical, 1 low',
    )
    expect(error?.details).toEqual(['linux/amd64: CVE-9 critical in openssl 3.0'])
  })

  it('says which platform is pending, and what ECR said of it', () => {
    const pending = of({ kind: 'pending', why: 'PENDING: soon' }, 'linux/arm64')
    const [error] = gateErrors([of(scanned({}, [])), pending], rule, 'h/web@d')
    expect(error?.code).toBe('scan-timed-out')
    expect(error?.message).toBe(
      'the scan of "h/web@d" was not over after 10 min: linux/arm64 (PENDING: soon)',
    )
  })

  it('does not let pass what could not be scanned', () => {
    const without = of({ kind: 'unavailable', why: 'UNSUPPORTED_IMAGE' })
    const [error] = gateErrors([without], rule, 'h/web@d')
    expect(error?.code).toBe('scan-unavailable')
    expect(error?.message).toContain('linux/amd64: UNSUPPORTED_IMAGE')
  })

  it('passes exactly where every platform is scanned and free of what it is set by', () => {
    const verdict: fc.Arbitrary<ScanVerdict> = fc.oneof(
      fc.constant<ScanVerdict>({ kind: 'pending', why: 'x' }),
      fc.constant<ScanVerdict>({ kind: 'unavailable', why: 'x' }),
      fc
        .dictionary(fc.constantFrom(...severities, 'untriaged'), fc.nat(3))
        .map((counts) => scanned({ ...counts }, [])),
    )
    fc.assert(
      fc.property(
        fc.array(verdict, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...severities),
        (verdicts, failOn) => {
          const errors = gateErrors(
            verdicts.map((one) => of(one)),
            { ...rule, failOn },
            'w',
          )
          const isClean = verdicts.every(
            (one) => one.kind === 'scanned' && countAtLeast(one.counts, failOn) === 0,
          )
          expect(errors.length === 0).toBe(isClean)
        },
      ),
    )
  })
})

describe('describeScan', () => {
  it.each([
    [scanned({ high: 1 }), 'scan of linux/amd64: 1 high'],
    [{ kind: 'pending', why: 'PENDING' } as const, 'scan not finished for linux/amd64: PENDING'],
    [{ kind: 'unavailable', why: 'FAILED' } as const, 'no scan of linux/amd64: FAILED'],
  ])('tells %p in one line', (verdict, line) => {
    expect(describeScan(of(verdict))).toBe(line)
  })
})
