import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import {
  findActive,
  liveStatuses,
  underWay,
  type ActiveDeployment,
} from '../../core/rollout/verdict/active-deployment.ts'
import {
  readServiceDeploymentBriefs,
  readServiceView,
} from '../../core/rollout/observation/observation.ts'
import {
  readServiceDeploymentRecord,
  type ServiceDeploymentRecord,
} from '../../core/rollout/observation/service-deployment-record.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { OptionalReads } from '../aws/optional-reads.ts'

const without =
  'a paused deployment is not told from a running one; allow ecs:ListServiceDeployments and ecs:DescribeServiceDeployments'

/**
 * The deployment of the service that has not ended, if there is one: asked for only where
 * DescribeServices shows one, so that a steady service costs nothing.
 */
export async function inspectActiveDeployment(
  current: CurrentService,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<ActiveDeployment | undefined> {
  const view = readServiceView(current.raw)
  if (underWay(view) === undefined) return undefined
  return findActive(view, await readLiveRecord(current, session, ports))
}

/** @returns undefined where it cannot be read, or is not listed yet. */
async function readLiveRecord(
  { clusterArn: cluster, serviceName: service }: CurrentService,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<ServiceDeploymentRecord | undefined> {
  const optional = new OptionalReads(ports)
  try {
    const listed = await optional.ifAllowed('ListServiceDeployments', without, () =>
      session.ecs.listServiceDeployments({ cluster, service, status: [...liveStatuses] }),
    )
    const [newest] = listed === undefined ? [] : readServiceDeploymentBriefs(listed)
    if (newest === undefined) return undefined
    const described = await optional.ifAllowed('DescribeServiceDeployments', without, () =>
      session.ecs.describeServiceDeployments({ serviceDeploymentArns: [newest.arn] }),
    )
    return described && readServiceDeploymentRecord(described, newest.arn)
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    ports.report.detail(`${error.operation}: ${error.code}: ${error.message}`)
    return undefined
  }
}
