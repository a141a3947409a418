import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { planRollback } from '../../src/stages/preflight/plan-rollback.ts'
import { revertServices } from '../../src/stages/deploy/revert-services.ts'
import { inputs, type EcsWorld } from './ecs-world.ts'
import { pushedImage } from './pushed-image.ts'

/** `mode: rollback`, from preflight to the end. */
export async function rollBack(
  world: EcsWorld,
  differences: Partial<DeployInputs> = {},
  session: AwsSession = world.session,
): Promise<ServiceOutcome> {
  const plan = await planRollback({ deploy: { ...inputs, ...differences } }, session, world.ports)
  const [outcome] = await revertServices(plan, session, world.ports)
  if (outcome === undefined) throw new TypeError('no outcome')
  return outcome
}

/** Leaves a deployment of `image` under way whose tasks do not come up for an hour. */
export async function leaveUnderWay(
  world: EcsWorld,
  revision = 'web:2',
  image = pushedImage(1),
): Promise<void> {
  world.script({ [revision]: { startMs: 3_600_000 } })
  await world.deploy(image, { waitForStability: false })
  await world.clock.sleep(20_000)
}
