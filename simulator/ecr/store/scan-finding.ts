/** From grave to unknown, in the order in which ECR lists them. */
export const SEVERITIES = [
  'CRITICAL',
  'HIGH',
  'MEDIUM',
  'LOW',
  'INFORMATIONAL',
  'UNDEFINED',
] as const

export type Severity = (typeof SEVERITIES)[number]

/** A vulnerability in one package, as basic and enhanced scans tell it each in its way. */
export interface ScanFinding {
  /** `CVE-2026-0001` */
  readonly name: string
  readonly severity: Severity
  readonly description?: string
  readonly uri?: string
  readonly packageName?: string
  readonly packageVersion?: string
}

/** `findingSeverityCounts`: only of severities that occur. */
export function severityCounts(findings: readonly ScanFinding[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const severity of SEVERITIES) {
    const count = findings.filter((finding) => finding.severity === severity).length
    if (count > 0) counts[severity] = count
  }
  return counts
}
