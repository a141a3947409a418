import type { TaskTarget } from '../ecs/targets.ts'
import { present } from '../wire/json.ts'
import type { JsonObject } from '../wire/service.ts'

/** A target as DescribeTargetHealth answers it. */
export function healthOf(target: TaskTarget): JsonObject {
  const { address, port, availabilityZone } = target
  return {
    Target: { Id: address, Port: port, AvailabilityZone: availabilityZone },
    HealthCheckPort: String(port),
    TargetHealth: stateOf(target),
  }
}

/** A target that is asked for and not registered. */
export function notRegistered(id: string, port: string | undefined): JsonObject {
  return {
    Target: present({ Id: id, Port: port }),
    TargetHealth: saying(
      'unused',
      'Target.NotRegistered',
      'Target is not registered to the target group',
    ),
  }
}

function stateOf({ state, finding }: TaskTarget): JsonObject {
  switch (state) {
    case 'healthy':
      return { State: state }
    case 'initial':
      return saying(state, 'Elb.InitialHealthChecking', 'Initial health checks in progress')
    case 'draining':
      return saying(
        state,
        'Target.DeregistrationInProgress',
        'Target deregistration is in progress',
      )
    case 'unhealthy': {
      const description = finding ?? 'Health checks failed'
      return saying(state, reasonOf(description), description)
    }
  }
}

function reasonOf(description: string): string {
  if (description.startsWith('Health checks failed with these codes')) {
    return 'Target.ResponseCodeMismatch'
  }
  return description === 'Request timed out' ? 'Target.Timeout' : 'Target.FailedHealthChecks'
}

const saying = (State: string, Reason: string, Description: string): JsonObject => ({
  ...{ State, Reason, Description },
})
