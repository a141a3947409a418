import { batches } from '../../core/batches.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { dateAt, objectsAt, stringAt, type JsonObject } from '../../core/json.ts'
import type { PastDeployment } from '../../core/plan/service/rollback.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import { imagesOfRevision } from '../../core/rollout/observation/running-images.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcs } from '../aws/ask-ecs.ts'
import { listAll } from '../aws/list-all.ts'
import { describeDefinition } from './read-definition.ts'

/** DescribeServiceRevisions takes this many in one call. */
const revisionsPerCall = 20
const deploymentsPerPage = 100
/** Task definitions are read this many at a time: DescribeTaskDefinition is throttled by account. */
const definitionsAtOnce = 10

type HistoryPorts = Pick<Ports, 'signal'>

/**
 * Every deployment of the service that ECS remembers, 90 days back, with what it deployed.
 * @throws ActionError where ECS does not let us read it.
 */
export async function readDeploymentHistory(
  { clusterArn, serviceName }: CurrentService,
  place: { readonly cluster: string; readonly service: string },
  session: AwsSession,
  ports: HistoryPorts,
): Promise<readonly PastDeployment[]> {
  const where = { region: session.region, ...place }
  const input = { cluster: clusterArn, service: serviceName, maxResults: deploymentsPerPage }
  const listed = await askEcs(where, ports.signal, () =>
    listAll(
      (page) => session.ecs.listServiceDeployments({ ...input, ...page }),
      (answer) => objectsAt(answer, 'serviceDeployments'),
      ports.signal,
    ),
  )
  const arns = new Set(listed.flatMap((entry) => stringAt(entry, 'targetServiceRevisionArn') ?? []))
  const revisions = new Map<string, JsonObject>()
  for (const serviceRevisionArns of batches([...arns], revisionsPerCall)) {
    const answer = await askEcs(where, ports.signal, () =>
      session.ecs.describeServiceRevisions({ serviceRevisionArns }),
    )
    for (const revision of objectsAt(answer, 'serviceRevisions')) {
      revisions.set(stringAt(revision, 'serviceRevisionArn') ?? '', revision)
    }
  }
  const definitions = await readDefinitions([...revisions.values()], session, ports)
  return listed.flatMap((entry) => toPastDeployment(entry, revisions, definitions))
}

/** The definitions by their ARNs; those that were deleted are left out. */
async function readDefinitions(
  revisions: readonly JsonObject[],
  session: AwsSession,
  ports: HistoryPorts,
): Promise<ReadonlyMap<string, JsonObject>> {
  const arns = new Set(revisions.flatMap((revision) => stringAt(revision, 'taskDefinition') ?? []))
  const found = new Map<string, JsonObject>()
  for (const batch of batches([...arns], definitionsAtOnce)) {
    await Promise.all(
      batch.map(async (arn) => {
        try {
          found.set(arn, (await describeDefinition(arn, session, ports)).definition)
        } catch (error) {
          const deleted = error instanceof ActionError && error.code === 'task-definition-not-found'
          if (!deleted) throw error
        }
      }),
    )
  }
  return found
}

function toPastDeployment(
  entry: JsonObject,
  revisions: ReadonlyMap<string, JsonObject>,
  definitions: ReadonlyMap<string, JsonObject>,
): readonly PastDeployment[] {
  const revision = revisions.get(stringAt(entry, 'targetServiceRevisionArn') ?? '')
  const createdAt = dateAt(entry, 'createdAt')
  if (revision === undefined || createdAt === undefined) return []
  const taskDefinitionArn = stringAt(revision, 'taskDefinition') ?? ''
  return [
    {
      arn: stringAt(entry, 'serviceDeploymentArn') ?? '',
      status: stringAt(entry, 'status') ?? '',
      ...{ createdAt, taskDefinitionArn },
      definition: definitions.get(taskDefinitionArn),
      images: imagesOfRevision({ serviceRevisions: [revision] }),
    },
  ]
}
