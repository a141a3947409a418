import type { PlatformSubject } from '../image/content/sizes.ts'
import { severityRank, type SeverityCounts } from './severity.ts'

/** One vulnerability in one package. */
export interface ScanFinding {
  /** `CVE-2026-0001`. */
  readonly name: string
  /** In lower case. */
  readonly severity: string
  /** `openssl 3.0.1`; undefined where the scan does not say. */
  readonly packageName: string | undefined
}

/** A scan as DescribeImageScanFindings answers it. */
export interface ImageScan {
  /** `COMPLETE`, `ACTIVE`, `PENDING`, … */
  readonly status: string
  readonly description: string | undefined
  /** Undefined until findings were written. */
  readonly counts: SeverityCounts | undefined
  readonly completedAt: Date | undefined
  readonly findings: readonly ScanFinding[]
}

/** What a scan says of an image so far. */
export type ScanVerdict =
  | {
      readonly kind: 'scanned'
      readonly counts: SeverityCounts
      /** The gravest first. */
      readonly findings: readonly ScanFinding[]
    }
  /** Not over yet. `why` is for the message of a wait that ended too early. */
  | { readonly kind: 'pending'; readonly why: string }
  /** There will be no findings. */
  | { readonly kind: 'unavailable'; readonly why: string }

/** A platform's image and what its scan says. */
export interface PlatformScan extends PlatformSubject {
  readonly verdict: ScanVerdict
}

/**
 * Reads the state of a scan. ECR's own waiter knows COMPLETE and FAILED alone and hangs on enhanced
 * scanning's ACTIVE (aws-sdk#288); COMPLETE may come before the findings (aws-sdk#289), so that an image
 * is clean only with a time of completion; without it, counts of zero prove nothing.
 */
export function judgeScan(scan: ImageScan): ScanVerdict {
  const { status, description, counts = {}, completedAt } = scan
  const said = description === undefined ? status : `${status}: ${description}`
  switch (status) {
    case 'PENDING':
    case 'IN_PROGRESS':
      return { kind: 'pending', why: said }
    case 'COMPLETE':
    case 'ACTIVE':
      return completedAt === undefined && Object.values(counts).every((count) => count === 0)
        ? { kind: 'pending', why: `${status} without findings` }
        : { kind: 'scanned', counts: countsOf(scan), findings: gravestFirst(scan.findings) }
    default:
      // FAILED, UNSUPPORTED_IMAGE, SCAN_ELIGIBILITY_EXPIRED, FINDINGS_UNAVAILABLE, LIMIT_EXCEEDED,
      // IMAGE_ARCHIVED, and whatever ECR will add: nothing is known of the image.
      return { kind: 'unavailable', why: said }
  }
}

/** ECR's counts; the findings themselves where it gives none. */
function countsOf({ counts, findings }: ImageScan): SeverityCounts {
  if (counts !== undefined && Object.keys(counts).length > 0) return counts
  const counted: Record<string, number> = {}
  for (const { severity } of findings) counted[severity] = (counted[severity] ?? 0) + 1
  return counted
}

function gravestFirst(findings: readonly ScanFinding[]): readonly ScanFinding[] {
  return findings.toSorted(
    (one, other) => severityRank(one.severity) - severityRank(other.severity),
  )
}
