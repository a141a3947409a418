import { subjectName } from '../image/content/sizes.ts'
import type { PlatformScan, ScanFinding } from './scan-verdict.ts'
import { describeCounts } from './severity.ts'

/** `CVE-2026-0001 critical in openssl 3.0.1`. */
export function describeFinding({ name, severity, packageName }: ScanFinding): string {
  return `${name} ${severity}${packageName === undefined ? '' : ` in ${packageName}`}`
}

/** What a scan says, in one line. */
export function describeScan(scan: PlatformScan): string {
  const { verdict } = scan
  const said = verdict.kind === 'scanned' ? describeCounts(verdict.counts) : verdict.why
  const prefix = { scanned: 'scan of', pending: 'scan not finished for', unavailable: 'no scan of' }
  return `${prefix[verdict.kind]} ${subjectName(scan)}: ${said}`
}
