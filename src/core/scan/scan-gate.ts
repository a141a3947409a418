import { ActionError } from '../errors/action-error.ts'
import { subjectName } from '../image/content/sizes.ts'
import { describeFinding } from './scan-lines.ts'
import type { PlatformScan, ScanVerdict } from './scan-verdict.ts'
import { countAtLeast, describeCounts, severities, type Severity } from './severity.ts'

/** What a gate lets pass, and for how long it waits. */
export interface GateRule {
  readonly failOn: Severity
  readonly timeoutMs: number
}

const namedFindings = 10

const shut = 'no further tag was put on and nothing was deployed.'

/**
 * What keeps an image from passing. A platform that nothing is known of does not pass.
 * @param where `host/name@digest`.
 * @returns `vulnerabilities-found`, `scan-unavailable` and `scan-timed-out`, each with all its
 * platforms; empty where the image passes.
 */
export function gateErrors(
  scans: readonly PlatformScan[],
  rule: GateRule,
  where: string,
): readonly ActionError[] {
  return [
    ...foundErrors(scans, rule, where),
    ...unavailableErrors(scans, where),
    ...pendingErrors(scans, rule, where),
  ]
}

function foundErrors(
  scans: readonly PlatformScan[],
  { failOn }: GateRule,
  where: string,
): readonly ActionError[] {
  const found = ofKind(scans, 'scanned').filter(
    ({ verdict }) => countAtLeast(verdict.counts, failOn) > 0,
  )
  if (found.length === 0) return []
  const said = found.map((scan) => `${subjectName(scan)} ${describeCounts(scan.verdict.counts)}`)
  const grave: readonly string[] = severities.slice(0, severities.indexOf(failOn) + 1)
  const details = found.flatMap((scan) =>
    scan.verdict.findings
      .filter(({ severity }) => grave.includes(severity))
      .slice(0, namedFindings)
      .map((finding) => `${subjectName(scan)}: ${describeFinding(finding)}`),
  )
  return [
    new ActionError(
      'vulnerabilities-found',
      `"${where}" has findings of severity "${failOn}" or higher: ${said.join('; ')}`,
      `Update the packages that are named or the base image, or set \`scan-fail-on\` to what you accept; ${shut}`,
      { details },
    ),
  ]
}

function unavailableErrors(scans: readonly PlatformScan[], where: string): readonly ActionError[] {
  const without = ofKind(scans, 'unavailable')
  if (without.length === 0) return []
  const said = without.map((scan) => `${subjectName(scan)}: ${scan.verdict.why}`)
  return [
    new ActionError(
      'scan-unavailable',
      `"${where}" could not be scanned: ${said.join('; ')}`,
      `Scan it another way and set \`scan: report\` or \`scan: off\`, or turn enhanced scanning on, which knows more kinds of images; ${shut}`,
    ),
  ]
}

function pendingErrors(
  scans: readonly PlatformScan[],
  { timeoutMs }: GateRule,
  where: string,
): readonly ActionError[] {
  const pending = ofKind(scans, 'pending')
  if (pending.length === 0) return []
  const said = pending.map((scan) => `${subjectName(scan)} (${scan.verdict.why})`)
  return [
    new ActionError(
      'scan-timed-out',
      `the scan of "${where}" was not over after ${timeoutMs / 60_000} min: ${said.join(', ')}`,
      `Run the job again, raise \`scan-timeout-minutes\`, and check that the registry's scanning rules take this repository in; ${shut}`,
    ),
  ]
}

type ScanOfKind<K extends ScanVerdict['kind']> = PlatformScan & {
  readonly verdict: Extract<ScanVerdict, { kind: K }>
}

function ofKind<K extends ScanVerdict['kind']>(
  scans: readonly PlatformScan[],
  kind: K,
): readonly ScanOfKind<K>[] {
  return scans.filter((scan): scan is ScanOfKind<K> => scan.verdict.kind === kind)
}
