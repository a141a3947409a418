import { parseSizeLimit, type SizeLimit } from '../../image/content/size-limit.ts'
import type { GateRule } from '../../scan/scan-gate.ts'
import { severities } from '../../scan/severity.ts'
import type { InputReader } from '../reader.ts'

const scanChoices = ['off', 'report', 'gate'] as const

/** How much the registry's vulnerability scan counts. */
export type ScanPlan =
  | { readonly kind: 'off' }
  | { readonly kind: 'report'; readonly timeoutMs: number }
  | ({ readonly kind: 'gate' } & GateRule)

/** What an image must pass before it gets its further tags. */
export interface Gates {
  /** Of each platform, compressed; undefined: no limit. */
  readonly maxImageSize: SizeLimit | undefined
  readonly scan: ScanPlan
}

/** Every image passes. */
export const noGates: Gates = { maxImageSize: undefined, scan: { kind: 'off' } }

/** What an image must pass; a rule of the scan without the scan is a problem. */
export function readGates(reader: InputReader): Gates {
  const maxImageSize = reader.parsed(
    'max-image-size',
    'is not a size above zero such as 500M or 1.5Gi (units k, M, G of 1000, Ki, Mi, Gi of 1024)',
    parseSizeLimit,
  )
  return { maxImageSize, scan: readScan(reader) }
}

function readScan(reader: InputReader): ScanPlan {
  const kind = reader.choice('scan', scanChoices)
  const minutes = reader.integer('scan-timeout-minutes', { min: 1, max: 360 }) ?? 10
  const failOn = reader.choice('scan-fail-on', severities)
  if (kind !== 'gate' && reader.given('scan-fail-on')) {
    reader.reject('scan-fail-on', `needs scan: gate; scan is ${kind}`)
  }
  if (kind === 'off') {
    if (reader.given('scan-timeout-minutes')) {
      reader.reject('scan-timeout-minutes', 'needs scan: report or scan: gate; scan is off')
    }
    return { kind }
  }
  const timeoutMs = minutes * 60_000
  return kind === 'gate' ? { kind, failOn, timeoutMs } : { kind, timeoutMs }
}
