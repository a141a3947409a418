import type { Inputs } from '../../core/inputs/inputs.ts'
import { bindImages } from '../../core/plan/image/bind-images.ts'
import type { DeployPlan, Plan, ReleasePlan } from '../../core/plan/plan.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { guardActiveDeployments, type PlannedImage } from './guard-active-deployments.ts'
import { guardNewerCommit } from './guard-newer-commit.ts'
import { Objections } from './objections.ts'
import { planBakedRelease } from './plan-baked-release.ts'
import { planContinue } from './plan-continue.ts'
import { planDeploy } from './plan-deploy.ts'
import { planLeg } from './plan-leg.ts'
import { planMerge } from './plan-merge.ts'
import { planRelease } from './plan-release.ts'
import { planRollback } from './plan-rollback.ts'
import { planRun } from './plan-run.ts'

/** What is decided with AWS's answers; a build that is not pushed needs none. */
export type RemoteInputs = Exclude<Inputs, { mode: 'release'; publish: undefined }>

/**
 * Reads all that a plan needs and makes it. Nothing is written, and what speaks against the run is
 * told together.
 * @throws ActionError
 */
export async function preflight(
  inputs: RemoteInputs,
  session: AwsSession,
  ports: Ports,
): Promise<Plan> {
  return ports.report.phase<Plan>('preflight', 'Checking before anything is written', async () => {
    const plan = await decide(inputs, session, ports)
    if (plan.mode === 'release' || plan.mode === 'deploy') {
      await guardServices(plan, inputs, session, ports)
    }
    return plan
  })
}

function decide(inputs: RemoteInputs, session: AwsSession, ports: Ports): Promise<Plan> {
  switch (inputs.mode) {
    case 'release': {
      const { bake } = inputs.build
      return bake === undefined
        ? planRelease(inputs, session, ports)
        : planBakedRelease(inputs, bake, session, ports)
    }
    case 'build':
      return planLeg(inputs, session, ports)
    case 'merge':
      return planMerge(inputs, session, ports)
    case 'continue':
      return planContinue(inputs, session, ports)
    case 'run':
      return planRun(inputs, session, ports)
    case 'rollback':
      return planRollback(inputs, session, ports)
    default:
      return planDeploy(inputs, session, ports)
  }
}

/** What stands in the way of the services' deployments, where that can be known before the build. */
async function guardServices(
  plan: ReleasePlan | DeployPlan,
  { gitHub }: Pick<Inputs, 'gitHub'>,
  session: AwsSession,
  ports: Ports,
): Promise<void> {
  const { services, image } = toGuard(plan)
  const objections = new Objections()
  const commit = plan.mode === 'release' ? plan.images[0]?.commit : undefined
  await Promise.all([
    objections.collect(guardActiveDeployments(services, image, session, ports)),
    ...(gitHub.guardNewerCommit && commit !== undefined
      ? [objections.collect(guardNewerCommit(plan.services, commit, session, ports))]
      : []),
  ])
  objections.raise()
}

/** The services with what they get, as far as it is known before the build. */
function toGuard(plan: ReleasePlan | DeployPlan): {
  readonly services: readonly ServicePlan[]
  readonly image: PlannedImage
} {
  const { services } = plan
  if (plan.mode === 'deploy') return { services, image: plan.images[0] }
  if (plan.images.some(({ existing }) => existing === undefined)) {
    return { services, image: 'to-be-built' }
  }
  const targets = new Map(
    plan.images.flatMap((image) =>
      image.kind === 'bake' && image.existing !== undefined
        ? [[image.target, image.existing] as const]
        : [],
    ),
  )
  if (targets.size === 0) return { services, image: plan.images[0]?.existing }
  return { services: services.map((each) => bindImages(each, targets)), image: undefined }
}
