import type { Inputs } from '../../core/inputs/inputs.ts'
import { foundTarget } from '../../core/plan/image/found-target.ts'
import type { DeployPlan } from '../../core/plan/plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { planTaskBeside } from '../../core/plan/service/run-task-plan.ts'
import { checkRoles } from './check-roles.ts'
import { findEverywhere } from './find-copies.ts'
import { inspectServices } from './inspect-services.ts'
import { Objections } from './objections.ts'

/** Finds the image, if one is named, and decides how the services come to it. @throws ActionError */
export async function planDeploy(
  inputs: Inputs,
  session: AwsSession,
  ports: Ports,
): Promise<DeployPlan> {
  const { deploy } = inputs
  const objections = new Objections()
  const image =
    deploy.image === undefined
      ? undefined
      : await objections.collect(findEverywhere(deploy.image, deploy, session, ports))
  if (image !== undefined) ports.report.record({ image })
  const target = image && foundTarget(image, session.region)
  const services = await objections.collect(inspectServices(deploy, target, session, ports))
  await objections.collect(checkRoles(services ?? [], session, ports))
  const task = objections.attempt(() => planTaskBeside(inputs, services ?? []))
  objections.raise()
  const images = image === undefined ? [] : [image]
  return { mode: 'deploy', images, services: services ?? [], deployOrder: deploy.deployOrder, task }
}
