import { expect } from '@jest/globals'

import type { PlanDescription } from '../../src/core/plan/describe/plan-description.ts'
import { renderOutputs } from '../../src/core/report/outputs.ts'
import { renderSummary } from '../../src/core/report/summary.ts'
import type { PipelineRun, PipelineWorld } from './pipeline-world.ts'

/** Everything that a dry run may ask; none of them changes anything. */
export const reads: ReadonlySet<string> = new Set([
  'sts:GetCallerIdentity',
  ...['ecr:DescribeRepositories', 'ecr:BatchGetImage', 'ecr:DescribeImages'],
  'ecr:DescribeRepositoryCreationTemplates',
  ...['ecs:DescribeServices', 'ecs:DescribeTaskDefinition', 'ecs:ListServices'],
  ...['ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments'],
  'ecs:DescribeServiceRevisions',
  'iam:GetRole',
])
/** A dry run: that nothing was written is asserted for each, whatever else is. */
export async function dryRun(
  world: PipelineWorld,
  inputs: Readonly<Record<string, string>>,
  options: Parameters<PipelineWorld['run']>[1] = {},
): Promise<PipelineRun> {
  const earlier = [await world.docker.calls(), await world.temporaryFiles()] as const
  const run = await world.run({ ...inputs, 'dry-run': 'true' }, options)
  expect(run.asked.filter((operation) => !reads.has(operation))).toEqual([])
  const calls = (await world.docker.calls()).slice(earlier[0].length)
  // What bake files mean is asked of buildx, which builds nothing then.
  expect(calls.filter(({ argv }) => argv[1] !== 'bake' || argv[2] !== '--print')).toEqual([])
  const written = (await world.temporaryFiles()).filter((name) => !earlier[1].includes(name))
  expect(written.filter((name) => !/\/task-definition-[\w-]+\.json$/.test(name))).toEqual([])
  const { builders, emulators } = run.ports.saved
  expect([builders, emulators, await world.docker.leftovers()]).toEqual([[], [], []])
  expect([run.ports.report.begun, run.exported]).toEqual([false, 0])
  return run
}

/** The plan of a run that ended `planned`; the outputs and the summary tell of it. */
export function planned({ end, error, ports }: PipelineRun): {
  readonly plan: PlanDescription
  readonly outputs: Readonly<Record<string, string>>
  readonly log: readonly string[]
  readonly everything: string
} {
  expect(error).toBeUndefined()
  expect(end).toEqual({ outcome: 'planned', changed: false, verified: false, error: undefined })
  const { facts } = ports.report
  if (end === undefined || facts.plan === undefined) throw new TypeError('no plan')
  const outputs = Object.fromEntries(renderOutputs(end, facts, {}))
  expect(JSON.parse(outputs['plan'] ?? '')).toEqual(facts.plan)
  const summary = renderSummary(end, facts, {})
  expect(summary).toContain('Steadyship: planned')
  const everything = [ports.report.everything, outputs['plan'], summary].join('\n')
  return { plan: facts.plan, outputs, log: ports.report.lines, everything }
}
