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
import { Looks } from '../looks/looks.ts'
import { Rounds } from '../looks/rounds.ts'

export type RolloutPorts = Pick<Ports, 'clock' | 'context' | 'report' | 'signal'>

/** A deployment that is to be followed, and the means to look at it. */
export interface Following {
  readonly plan: WatchPlan
  readonly deployment: ServiceDeployment
  /** Undefined: the task definition is deployed as it is. */
  readonly image: PushedImage | undefined
  readonly session: AwsSession
  readonly ports: RolloutPorts
  /** When it is looked at: of the run, where that follows more deployments than this one. */
  readonly rounds?: Rounds
}

/** One deployment that is watched. */
export interface Rollout extends Required<Following> {
  readonly place: EcsPlace
  readonly watched: Watched
  /** Who judges the health of its tasks. */
  readonly checks: HealthChecks
  readonly optional: OptionalReads
  /** What is known by now of our request to roll the deployment back; undefined: none was made. */
  readonly rollback: { request: RollbackRequest | undefined }
}

export function createRollout(following: Following): Rollout {
  const { plan, deployment, session, ports } = following
  const configuration = plan.deploymentConfiguration
  return {
    rounds: new Rounds(ports.clock),
    ...following,
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

/** When the wait is over, by the monotonic clock. */
export function deadlineOf({ plan, deployment }: Rollout): number {
  return deployment.requestedAtMs + plan.wait.mostMs
}

/** The looks of one wait for it. */
export function looksOf(rollout: Rollout): Looks {
  return new Looks({ ...rollout, subject: rollout.deployment.deploymentId })
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
