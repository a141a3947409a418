import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { nameInArn } from '../../core/name-in-arn.ts'
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
import { askEcs } from '../aws/ask-ecs.ts'
import { OptionalReads } from '../aws/optional-reads.ts'

const without =
  'a paused deployment is not told from a running one; allow ecs:ListServiceDeployments and ecs:DescribeServiceDeployments'

type InspectPorts = Pick<Ports, 'report' | 'signal'>

/**
 * The deployment of the service that has not ended, if there is one: asked for only where
 * DescribeServices shows one, so that a steady service costs nothing. Without the permission to read
 * its record the service alone tells of it.
 * @throws ActionError where the record cannot be read for another reason: nobody knows then whether
 * the deployment is paused.
 */
export async function inspectActiveDeployment(
  current: CurrentService,
  session: AwsSession,
  ports: InspectPorts,
): Promise<ActiveDeployment | undefined> {
  const view = readServiceView(current.raw)
  if (underWay(view) === undefined) return undefined
  return findActive(view, await readLiveRecord(current, session, ports))
}

/**
 * The same before a build: a record that does not come is no reason to fail yet, for it is read
 * again right before the first write.
 * @throws ActionError where the credentials are gone.
 */
export async function foreseeActiveDeployment(
  current: CurrentService,
  session: AwsSession,
  ports: InspectPorts,
): Promise<ActiveDeployment | undefined> {
  try {
    return await inspectActiveDeployment(current, session, ports)
  } catch (error) {
    const failure = error instanceof ActionError ? error.cause : undefined
    if (!(failure instanceof AwsFailure) || failure.credentialsGone) throw error
    ports.report.line(
      `${current.serviceName}: the record of the deployment under way is read again before anything is written: ${failure.operation} failed (${failure.code})`,
    )
    return findActive(readServiceView(current.raw), undefined)
  }
}

/** @returns undefined where it may not be read, or is not listed yet. @throws ActionError */
async function readLiveRecord(
  { clusterArn: cluster, serviceName: service }: CurrentService,
  session: AwsSession,
  ports: InspectPorts,
): Promise<ServiceDeploymentRecord | undefined> {
  const optional = new OptionalReads(ports)
  const place = { region: session.region, cluster: nameInArn(cluster), service }
  return await askEcs(place, ports.signal, async () => {
    const listed = await optional.ifAllowed('ListServiceDeployments', without, () =>
      session.ecs.listServiceDeployments({ cluster, service, status: [...liveStatuses] }),
    )
    const [newest] = listed === undefined ? [] : readServiceDeploymentBriefs(listed)
    if (newest === undefined) return undefined
    const described = await optional.ifAllowed('DescribeServiceDeployments', without, () =>
      session.ecs.describeServiceDeployments({ serviceDeploymentArns: [newest.arn] }),
    )
    return described && readServiceDeploymentRecord(described, newest.arn)
  })
}
