import { ecrRules } from './rules/ecr.ts'
import { definitionRules } from './rules/ecs-definitions.ts'
import { deploymentRules } from './rules/ecs-deployments.ts'
import { serviceDeploymentRules } from './rules/ecs-service-deployments.ts'
import { taskRules } from './rules/ecs-tasks.ts'
import { locate, type Judgement, type Rule } from './rules/rule.ts'
import { codeOf, wireRules } from './rules/wire.ts'
import { strangersIn } from './strangers.ts'
import type { Trace } from './trace.ts'

/** What SPEC.md says that traces can contradict. */
export const rules: readonly Rule[] = [
  ...wireRules,
  ...ecrRules,
  ...definitionRules,
  ...deploymentRules,
  ...serviceDeploymentRules,
  ...taskRules,
]

/** A rule with what a trace says about it. */
export interface Finding extends Judgement {
  readonly id: string
  readonly says: string
}

/** A trace beside SPEC.md. */
export interface Comparison {
  readonly findings: readonly Finding[]
  /** Members and words that the SDK does not know. */
  readonly strangers: readonly string[]
  /** Codes of refusals, and how often each came. */
  readonly refusals: Readonly<Record<string, number>>
}

/** Judges every rule by `trace`. */
export function compare(trace: Trace): Comparison {
  const exchanges = locate(trace)
  const refusals: Record<string, number> = {}
  for (const exchange of exchanges.filter(({ status }) => status !== 200)) {
    const code = codeOf(exchange) || `HTTP ${exchange.status}`
    const name = `${exchange.service}:${exchange.operation} ${code}`
    refusals[name] = (refusals[name] ?? 0) + 1
  }
  const findings = rules.map(({ id, says, judge }) => ({ id, says, ...judge(exchanges) }))
  return { findings, strangers: strangersIn(trace), refusals }
}

/** Ids of the rules that the trace contradicts. */
export function contradicted({ findings }: Comparison): readonly string[] {
  const ids = findings.filter(({ contradictions }) => contradictions.length > 0)
  return [...new Set(ids.map(({ id }) => id))]
}

/** The comparison for people. */
export function report(comparison: Comparison): string {
  const { findings, strangers, refusals } = comparison
  const contradictedOnes = findings.filter(({ contradictions }) => contradictions.length > 0)
  const held = findings.filter((one) => one.contradictions.length === 0 && one.observed > 0)
  const unseen = findings.filter((one) => one.contradictions.length === 0 && one.observed === 0)
  const title = ({ id, says }: Finding): string => `${id.padEnd(8)} ${says}`
  return [
    ...section('Contradicted', contradictedOnes, (finding) => [
      title(finding),
      ...finding.contradictions.map((text) => `         ✗ ${text}`),
    ]),
    ...section('Held', held, (finding) => [`${title(finding)} (${finding.observed} times)`]),
    ...section('Not seen', unseen, (finding) => [title(finding)]),
    ...section('Unknown to the SDK', strangers, (stranger) => [stranger]),
    ...section('Refusals', Object.entries(refusals), ([name, times]) => [`${name} (${times})`]),
  ].join('\n')
}

function section<T>(
  name: string,
  items: readonly T[],
  lines: (item: T) => readonly string[],
): readonly string[] {
  if (items.length === 0) return []
  return [`${name}: ${items.length}`, ...items.flatMap(lines).map((line) => `  ${line}`), '']
}
