import { objectMember } from '../../simulator/wire/members.ts'
import { BundleWorld } from './bundle-world.ts'
import { readmeWorkflow, shownBy } from './published-workflow.ts'

const roles = {
  taskRoleArn: 'arn:aws:iam::123456789012:role/web-task',
  executionRoleArn: 'arn:aws:iam::123456789012:role/web-execution',
}
const container = {
  logConfiguration: {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': '/ecs/web',
      'awslogs-region': 'us-east-1',
      'awslogs-stream-prefix': 'web',
    },
  },
}

/**
 * A service with a task role and an execution role, deployed by the job that README shows.
 * @param more Members of RegisterTaskDefinition that its definition has besides.
 */
export async function openRolesWorld(
  more: Readonly<Record<string, unknown>> = {},
): Promise<BundleWorld> {
  const world = await BundleWorld.create({ container })
  const { oidc } = world.simulator
  const [shown] = shownBy(readmeWorkflow)
  oidc.job = { ...oidc.job, ...shown }
  const described = await world.call('DescribeTaskDefinition', { taskDefinition: 'web:1' })
  const { family, networkMode, requiresCompatibilities, cpu, memory, containerDefinitions } =
    objectMember(described, 'taskDefinition') ?? {}
  await world.call('RegisterTaskDefinition', {
    ...{ family, networkMode, requiresCompatibilities, cpu, memory, containerDefinitions },
    ...roles,
    ...more,
  })
  await world.call('UpdateService', { cluster: 'main', service: 'web', taskDefinition: 'web:2' })
  await world.pass(180_000)
  return world
}
