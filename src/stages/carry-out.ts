import type { PushedImage } from '../core/image/image.ts'
import { isFailure } from '../core/outcome.ts'
import { bindImages } from '../core/plan/image/bind-images.ts'
import type { DeployPlan, Plan, ReleasePlan } from '../core/plan/plan.ts'
import { endOfServices } from '../core/report/end-of-services.ts'
import type { RunEnd } from '../core/report/run-end.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ports } from '../ports/ports.ts'
import { cleanUpTaskDefinitions } from './deploy/clean-up-task-definitions.ts'
import { continueDeployment } from './deploy/continue-deployment.ts'
import { deployServices } from './deploy/deploy-services.ts'
import { publishImages, type Published } from './publish/publish-images.ts'
import { registerDefinitions } from './deploy/register-definitions.ts'
import { revertServices } from './deploy/revert-services.ts'
import { runAlone } from './task/run-alone.ts'
import { endWithTask } from './task/run-task-beside.ts'
import { surveyBeside } from './publish/survey-images.ts'
import { surveyOf } from './publish/survey-of.ts'

/**
 * Does what was planned: publishes the images, then brings the services to them.
 * @throws ActionError where it ends before a service was updated.
 */
export async function carryOut(plan: Plan, session: AwsSession, ports: Ports): Promise<RunEnd> {
  if (plan.mode === 'build') {
    const legs = await publishImages([plan.image], session, ports)
    return published(legs.map(({ image }) => image))
  }
  if (plan.mode === 'run') return runAlone(plan, session, ports)
  if (plan.mode === 'continue')
    return endOfServices([await continueDeployment(plan, session, ports)])
  if (plan.mode === 'rollback') {
    return endOfServices(await revertServices(plan, session, ports))
  }
  if (plan.mode === 'deploy') return await bring(plan, plan.images, session, ports)
  const beganMs = ports.clock.monotonicMs()
  const made = await publishImages(plan.images, session, ports)
  const tookMs = ports.clock.monotonicMs() - beganMs
  const images = made.map(({ image }) => image)
  const survey = surveyOf(made, plan.services, tookMs, session, ports)
  const bound = bindPlan(plan, made)
  return await surveyBeside(survey, session, ports, () => bring(bound, images, session, ports))
}

/** With the images of bake targets, which containers get by name. */
function bindPlan(plan: ReleasePlan, made: readonly Published[]): ReleasePlan {
  const targets = new Map(
    made.flatMap(({ plan: each, image }) =>
      each.kind === 'bake' ? [[each.target, image] as const] : [],
    ),
  )
  return {
    ...plan,
    services: plan.services.map((service) => bindImages(service, targets)),
    definitions: plan.definitions.map((definition) => bindImages(definition, targets)),
  }
}

/** Brings the images to the services; where there are none, the definitions are registered. */
async function bring(
  plan: ReleasePlan | DeployPlan,
  images: readonly PushedImage[],
  session: AwsSession,
  ports: Ports,
): Promise<RunEnd> {
  // Those of bake targets are in the plans of the services already.
  const isBound = plan.mode === 'release' && plan.images.some(({ kind }) => kind === 'bake')
  const image = isBound ? undefined : images[0]
  if (plan.services.length > 0) {
    const { services, task } = await deployServices(plan, image, session, ports)
    const end = endWithTask(endOfServices(services), task)
    if (!isFailure(end.outcome)) {
      await cleanUpTaskDefinitions(plan.services, services, session, ports)
    }
    return end
  }
  if (plan.mode === 'release' && plan.definitions.length > 0) {
    return registerDefinitions(plan.definitions, image, session, ports)
  }
  return published(images)
}

/** The end of a run that brings nothing to a service. */
function published(images: readonly PushedImage[]): RunEnd {
  const reused = images.every((image) => image.reused)
  const outcome = reused ? 'already-pushed' : 'pushed'
  return { outcome, changed: false, verified: true, error: undefined }
}
