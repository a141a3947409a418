import type { ServiceDeploymentRecord } from '../observation/service-deployment-record.ts'

/**
 * What the guards of the deployment saw, by ECS's own record: failures beside the threshold of the
 * circuit breaker, and alarms by name. Holds untrusted text: names of alarms.
 */
export function describeGuards(record: ServiceDeploymentRecord | undefined): readonly string[] {
  if (record === undefined) return []
  const { breakerStatus, breakerFailures: failures, breakerThreshold: threshold } = record
  const judged = breakerStatus !== undefined && breakerStatus !== 'DISABLED'
  const tripped = breakerStatus === 'TRIGGERED' ? 'tripped' : 'counted'
  const tasks = `${failures} of ${threshold} task ${threshold === 1 ? 'failure' : 'failures'}`
  const alarms = record.triggeredAlarms
  return [
    ...(judged && threshold > 0 && failures > 0 ? [`circuit breaker ${tripped}: ${tasks}`] : []),
    ...(alarms.length > 0
      ? [`${alarms.length === 1 ? 'alarm' : 'alarms'} triggered: ${alarms.join(', ')}`]
      : []),
  ]
}
