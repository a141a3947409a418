import type { Behaviour } from '../../simulator/ecs/drivers/behaviour.ts'
import type { Pace } from '../../simulator/ecs/pace.ts'

/** The service and its container, where they are not the usual ones. */
export interface ServiceOptions {
  /** Members of CreateService. */
  readonly service?: Readonly<Record<string, unknown>>
  /** Members of the container definition. */
  readonly container?: Readonly<Record<string, unknown>>
  /** What tasks do from the start on, by revision; without it all are well. */
  readonly tasks?: Readonly<Record<string, Behaviour>>
  /** How long ECS takes, where it is not the usual time. */
  readonly pace?: Partial<Pace>
}

/** CreateService's input for a service of two tasks. */
export const usualService = {
  cluster: 'main',
  serviceName: 'web',
  taskDefinition: 'web',
  desiredCount: 2,
  launchType: 'FARGATE',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
}

/** RegisterTaskDefinition's input, with `container` over its container's own members. */
export function taskDefinition(
  container: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    containerDefinitions: [{ name: 'web', image: 'registry.example.com/web:first', ...container }],
  }
}
