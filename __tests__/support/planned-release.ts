import type { JsonObject } from '../../src/core/json.ts'
import type { ReleasePlan } from '../../src/core/plan/plan.ts'
import type { ServicePlan, TaskDefinitionSource } from '../../src/core/plan/service/service-plan.ts'
import { readCurrentService } from '../../src/core/rollout/observation/read-current-service.ts'
import { noChanges } from '../../src/core/task-definition/changes/no-changes.ts'
import { imagePlan } from './image-plan.ts'
import { usualPolicies } from './usual-policies.ts'

const prefix = 'arn:aws:ecs:us-east-1:123456789012'

/** A task definition as DescribeTaskDefinition tells it of revision `web:12`. */
export function definitionSource(definition: JsonObject): TaskDefinitionSource {
  const taskDefinitionArn = `${prefix}:task-definition/web:12`
  return { origin: 'revision web:12', definition: { ...definition, taskDefinitionArn }, tags: [] }
}

/** A service that runs `source`, and whatever a test says is different. */
export function servicePlan(
  source: TaskDefinitionSource,
  differences: Partial<ServicePlan> = {},
): ServicePlan {
  const current = readCurrentService({
    ...{ serviceArn: `${prefix}:service/prod/web`, serviceName: 'web' },
    ...{ clusterArn: `${prefix}:cluster/prod`, taskDefinition: `${prefix}:task-definition/web:12` },
    ...{ desiredCount: 2, runningCount: 2, status: 'ACTIVE', deployments: [] },
  })
  return {
    ...{ cluster: 'prod', service: 'web', source, current, currentDefinition: source },
    ...{ containerNames: ['app'], planned: { changes: noChanges, containerNames: [] } },
    ...{ keepTaskDefinitions: undefined, forceNewDeployment: false, settings: {} },
    deploymentConfiguration: {},
    wait: {
      ...{ awaited: true, until: { kind: 'deployed' }, onPause: 'wait' },
      ...{ mostMs: 1_800_000, maxTaskFailures: 3, logLines: undefined },
    },
    policies: usualPolicies,
    ...differences,
  }
}

/** The plan of a release of one image to these services. */
export function releasePlan(
  services: readonly ServicePlan[],
  differences: Partial<ReleasePlan> = {},
): ReleasePlan {
  return {
    ...{ mode: 'release', images: [imagePlan()], definitions: [], services },
    ...{ deployOrder: 'parallel', task: undefined },
    ...differences,
  }
}
