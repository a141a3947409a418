import type { ReleaseInputs } from '../../core/inputs/inputs.ts'
import type { ReleasePlan } from '../../core/plan/plan.ts'
import type { PlannedImages } from '../../core/plan/image/planned-images.ts'
import { planTaskBeside } from '../../core/plan/service/run-task-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { checkRoles } from './check-roles.ts'
import { inspectDefinitions } from './inspect-definitions.ts'
import { inspectServices } from './inspect-services.ts'
import type { Objections } from './objections.ts'

/**
 * Decides what follows a published image: the services that get it, or the definitions that are
 * registered with it.
 * @param image Undefined where its repository is missing: the rest is looked at all the same, so
 * that one run tells all.
 * @returns undefined where `objections` has the reason.
 */
export async function planServices(
  inputs: Pick<ReleaseInputs, 'deploy' | 'runTask'>,
  image: PlannedImages,
  objections: Objections,
  session: AwsSession,
  ports: Ports,
): Promise<Omit<ReleasePlan, 'mode' | 'images'> | undefined> {
  const { deploy } = inputs
  const [services, definitions] = await Promise.all([
    objections.collect(inspectServices(deploy, image, session, ports)),
    objections.collect(inspectDefinitions(deploy, image, session, ports)),
  ])
  await objections.collect(
    checkRoles([...(services ?? []), ...(definitions ?? [])], session, ports),
  )
  const task = objections.attempt(() => planTaskBeside(inputs, services ?? []))
  if (services === undefined || definitions === undefined) return undefined
  return { definitions, services, deployOrder: deploy.deployOrder, task }
}
