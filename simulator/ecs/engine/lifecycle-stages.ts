import { objectMember, objectsMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import type { Deployment } from '../model/deployment.ts'
import type { Lifecycle, LifecycleStage } from '../model/lifecycle.ts'
import type { ServiceDeployment } from '../model/service-deployment.ts'
import type { Service } from '../model/service.ts'

const untilShift: readonly LifecycleStage[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
]
/** What each step of the production traffic goes through. */
const ofStep: readonly LifecycleStage[] = [
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
]
const afterShift: readonly LifecycleStage[] = [
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
]

/** The hooks that the service's settings have for `stage`, as the wire carries them. */
export function hooksFor(settings: JsonObject, stage: LifecycleStage): readonly JsonObject[] {
  const configuration = objectMember(settings, 'deploymentConfiguration') ?? {}
  return (objectsMember(configuration, 'lifecycleHooks') ?? []).filter((hook) =>
    stringsMember(hook, 'lifecycleStages')?.includes(stage),
  )
}

const begin = (
  of: readonly LifecycleStage[],
  steps: readonly number[],
  nowMs: number,
): Lifecycle => ({
  stages: of,
  steps,
  index: 0,
  enteredAtMs: nowMs,
  hooks: [],
})

/**
 * The stages of a deployment whose production traffic moves in these steps. The service is reconciled where several revisions are
 * ACTIVE; PRE_PRODUCTION_TRAFFIC_SHIFT, which the SDK's stages lack, is there for its hooks alone.
 */
export function forwardLifecycle(
  service: Service,
  { sources }: ServiceDeployment,
  steps: readonly number[],
  nowMs: number,
): Lifecycle {
  const stages = [...untilShift, ...steps.flatMap(() => ofStep), ...afterShift]
  const absent = new Set<LifecycleStage>()
  if (sources.length < 2) absent.add('RECONCILE_SERVICE')
  if (hooksFor(service.settings, 'PRE_PRODUCTION_TRAFFIC_SHIFT').length === 0) {
    absent.add('PRE_PRODUCTION_TRAFFIC_SHIFT')
  }
  return begin(
    stages.filter((stage) => !absent.has(stage)),
    steps,
    nowMs,
  )
}

/** The way back, at once: traffic that was shifted shifts again, then the failed revision goes. */
export function backwardLifecycle(
  target: Deployment,
  failed: Deployment,
  nowMs: number,
): Lifecycle {
  return begin(
    [
      'SCALE_UP',
      ...(target.traffic.production < 100 ? (['PRODUCTION_TRAFFIC_SHIFT'] as const) : []),
      ...(failed.traffic.test > 0 ? (['TEST_TRAFFIC_SHIFT'] as const) : []),
      'CLEAN_UP',
    ],
    [100],
    nowMs,
  )
}
