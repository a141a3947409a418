/** Severities by which a gate can be set, the gravest first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof severities)[number]

/** How many findings there are, by severity in lower case; also those that no gate is set by. */
export type SeverityCounts = Readonly<Record<string, number>>

/** Basic and enhanced scans call the last ones `UNDEFINED` and `UNTRIAGED`. */
const order: readonly string[] = [...severities, 'informational', 'undefined', 'untriaged']

/** Where a severity stands, 0 the gravest; names that are not known come last. */
export function severityRank(severity: string): number {
  const rank = order.indexOf(severity)
  return rank < 0 ? order.length : rank
}

/** How many findings are as grave as `threshold`, or graver. */
export function countAtLeast(counts: SeverityCounts, threshold: Severity): number {
  return severities
    .slice(0, severities.indexOf(threshold) + 1)
    .reduce((sum, severity) => sum + (counts[severity] ?? 0), 0)
}

/** `2 critical, 1 low`, or `no findings`. */
export function describeCounts(counts: SeverityCounts): string {
  const found = Object.entries(counts).filter(([, count]) => count > 0)
  if (found.length === 0) return 'no findings'
  return found
    .sort(([one], [other]) => severityRank(one) - severityRank(other))
    .map(([severity, count]) => `${count} ${severity}`)
    .join(', ')
}
