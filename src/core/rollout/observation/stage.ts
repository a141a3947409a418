/**
 * The lifecycle stages of a deployment, in order (developer guide, "Lifecycle stages for Amazon ECS
 * service deployments"). LINEAR and CANARY come back to the production shift with every step.
 */
export const stages = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
] as const

export type Stage = (typeof stages)[number]

export function findStage(text: string | undefined): Stage | undefined {
  return stages.find((stage) => stage === text)
}

/** Whether `present` is `wanted` or comes after it. A stage that we do not know is no progress. */
export function isAtOrPast(present: string | undefined, wanted: Stage): boolean {
  const known = findStage(present)
  return known !== undefined && stages.indexOf(known) >= stages.indexOf(wanted)
}
