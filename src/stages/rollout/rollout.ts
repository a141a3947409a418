import type { EcsPlace } from '../../core/faults/ecs-fault.ts'
import type { PushedImage } from '../../core/image/image.ts'
import { booleanAt, objectsAt, type JsonObject } from '../../core/json.ts'
import type { WatchPlan } from '../../core/plan/service/service-plan.ts'
import type { HealthChecks } from '../../core/rollout/verdict/fail-fast.ts'
import { readGuards } from '../../core/rollout/observation/guards.ts'
import type { ServiceDeployment } from '../../core/rollout/observation/service-deployment.ts'
import { isStaged, readTrafficShift } from '../../core/rollout/observation/traffic-shift.ts'
import type { Watched } from '../../core/rollout/verdict/watch.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { OptionalReads } from '../aws/optional-reads.ts'
import type { RollbackRequest } from './rollback-request.ts'
import { Rounds } from './rounds.ts'

export type RolloutPorts = Pick<Ports, 'clock' | 'context' | 'report' | 'signal'>

/** One deployment that is watched: what it is, where, and the means to look at it. */
export interface Rollout {
  readonly plan: WatchPlan
  readonly deployment: ServiceDeployment
  /** Undefined: the task definition is deployed as it is. */
  readonly image: PushedImage | undefined
  readonly session: AwsSession
  readonly ports: RolloutPorts
  readonly place: EcsPlace
  readonly watched: Watched
  /** Who judges the health of its tasks. */
  readonly checks: HealthChecks
  readonly optional: OptionalReads
  /** When it is looked at; shared by all services of the run. */
  readonly rounds: Rounds
  /** What is known by now of our request to roll the deployment back; undefined: none was made. */
  readonly rollback: { request: RollbackRequest | undefined }
}

export function createRollout(
  plan: WatchPlan,
  deployment: ServiceDeployment,
  image: PushedImage | undefined,
  session: AwsSession,
  ports: RolloutPorts,
  rounds = new Rounds(ports.clock),
): Rollout {
  const configuration = plan.deploymentConfiguration
  return {
    ...{ plan, deployment, image, session, ports, rounds },
    place: { region: session.region, cluster: plan.cluster, service: plan.service },
    watched: {
      deploymentId: deployment.deploymentId,
      previousTaskDefinitionArn: deployment.previousTaskDefinitionArn,
      previousDeploymentId: plan.current.primaryDeploymentId,
      guards: readGuards(configuration),
      staged: isStaged(readTrafficShift(configuration)),
    },
    checks: {
      balanced: objectsAt(plan.current.raw, 'loadBalancers').length > 0,
      checked: objectsAt(deployment.revision.definition, 'containerDefinitions').some(isChecked),
    },
    optional: new OptionalReads(ports),
    rollback: { request: undefined },
  }
}

/** What the containers were to run, for messages. */
export function pushedDigests({ image, plan }: Pick<Rollout, 'image' | 'plan'>): string {
  const images = image === undefined ? [...(plan.ownImages?.values() ?? [])] : [image]
  return [...new Set(images.map(({ digest }) => digest))].join(', ')
}

/** Only the checks of essential containers, which all are unless said otherwise, make a task HEALTHY. */
function isChecked(container: JsonObject): boolean {
  return container['healthCheck'] !== undefined && booleanAt(container, 'essential') !== false
}
