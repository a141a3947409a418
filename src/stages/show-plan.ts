import type { PushedImage } from '../core/image/image.ts'
import { definitionsOf, describePlan } from '../core/plan/describe/describe-plan.ts'
import type { PlanDescription } from '../core/plan/describe/plan-description.ts'
import type { Plan } from '../core/plan/plan.ts'
import {
  expectedImage,
  knownImage,
  type ExpectedImage,
} from '../core/plan/image/planned-reference.ts'
import { planLines } from '../core/report/plan-lines.ts'
import type { RunEnd } from '../core/report/run-end.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import { compareDefinitions } from './deploy/compare-definitions.ts'

/**
 * The end of a dry run: tells what would be done and does none of it. Only reads go to AWS; all that
 * is written are the rendered task definitions, the outputs and the summary.
 * @throws ActionError where a read fails.
 */
export async function showPlan(
  plan: Plan,
  session: AwsSession,
  ports: Pick<Ports, 'context' | 'files' | 'report' | 'signal'>,
): Promise<RunEnd> {
  return await ports.report.phase('preflight', 'What would be done', async () => {
    const definitions = definitionsOf(plan)
    const compared = await compareDefinitions(definitions, imagesOf(plan), session, ports)
    recordKnown(plan, ports)
    return tellPlan(describePlan(plan, compared), ports)
  })
}

/** Tells a plan in the log, the outputs and the summary. @returns the end of its run. */
export function tellPlan(plan: PlanDescription, { report }: Pick<Ports, 'report'>): RunEnd {
  for (const line of planLines(plan)) report.line(line)
  report.record({ plan })
  return { outcome: 'planned', changed: false, verified: false, error: undefined }
}

/** What containers would get, as far as it is known. */
function imagesOf(plan: Plan): readonly ExpectedImage[] {
  return plan.mode === 'release'
    ? plan.images.map(expectedImage)
    : foundImages(plan).map(knownImage)
}

/** Images that are in the registry now. */
function foundImages(plan: Plan): readonly PushedImage[] {
  switch (plan.mode) {
    case 'release':
      return plan.images.flatMap(({ existing }) => existing ?? [])
    case 'deploy':
      return plan.images
    case 'run':
      return plan.image === undefined ? [] : [plan.image]
    case 'build':
    case 'rollback':
    case 'continue':
      return []
  }
}

/** What outputs tell of things that are there already. */
function recordKnown(plan: Plan, { report }: Pick<Ports, 'report'>): void {
  const [image, ...more] = foundImages(plan)
  const several = plan.mode === 'release' && plan.images.length > 1
  if (image !== undefined && more.length === 0 && !several) report.record({ image })
  const services = servicesOf(plan)
  const [only] = services
  if (only === undefined || services.length > 1) return
  report.record({ serviceArn: only.serviceArn, previousTaskDefinitionArn: only.taskDefinitionArn })
}

function servicesOf(plan: Plan) {
  switch (plan.mode) {
    case 'release':
    case 'deploy':
      return plan.services.map(({ current }) => current)
    case 'rollback':
      return plan.reverts.map(({ plan: { current } }) => current)
    case 'continue':
      return [plan.watch.current]
    case 'build':
    case 'run':
      return []
  }
}
