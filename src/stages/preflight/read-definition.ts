import { resolve } from 'node:path'

import type { TaskDefinitionChoice } from '../../core/inputs/deploy/task-definition.ts'
import { objectsAt } from '../../core/json.ts'
import type { TaskDefinitionSource } from '../../core/plan/service/service-plan.ts'
import { describeUnknownMembers } from '../../core/task-definition/unknown-members.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcs } from '../aws/ask-ecs.ts'
import { objectOf } from '../aws/empty-answer.ts'
import { nameInArn } from '../../core/name-in-arn.ts'

type ReadPorts = Pick<Ports, 'context' | 'files' | 'report' | 'signal'>

/**
 * The task definition that the inputs choose.
 * @returns undefined where it is the service's own.
 * @throws ActionError
 */
export async function readChosenDefinition(
  choice: TaskDefinitionChoice,
  session: AwsSession,
  ports: ReadPorts,
): Promise<TaskDefinitionSource | undefined> {
  switch (choice.kind) {
    case 'service':
      return undefined
    case 'file':
      return await readFile(choice.path, ports)
    case 'family':
      return await describeDefinition(choice.family, session, ports)
    case 'revision':
      return { ...(await describeDefinition(choice.revision, session, ports)), exact: true }
  }
}

async function readFile(
  path: string,
  { context, files, report }: ReadPorts,
): Promise<TaskDefinitionSource> {
  // The YAML parser takes longer to load than a preflight call to answer: only where it is needed.
  const { maxTaskDefinitionBytes, readTaskDefinition } =
    await import('../../core/task-definition/read.ts')
  const text = await files.readText(resolve(context.workspace, path), maxTaskDefinitionBytes)
  const definition = readTaskDefinition(text, path)
  const strangers = describeUnknownMembers(definition)
  if (strangers !== undefined) report.warning(`file ${path} ${strangers}`)
  return { origin: `file ${path}`, definition, tags: [] }
}

/** @param reference A family, `family:revision`, or an ARN. @throws ActionError */
export async function describeDefinition(
  reference: string,
  session: AwsSession,
  { signal }: Pick<Ports, 'signal'>,
): Promise<TaskDefinitionSource> {
  const origin = `task definition ${nameInArn(reference)}`
  const place = { region: session.region, taskDefinition: origin }
  return await askEcs(place, signal, async () => {
    const input = { taskDefinition: reference, include: ['TAGS'] }
    const answer = await session.ecs.describeTaskDefinition(input)
    const definition = objectOf(answer, 'taskDefinition', 'DescribeTaskDefinition')
    return { origin, definition, tags: objectsAt(answer, 'tags') }
  })
}
