import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainEcs } from '../../core/faults/ecs.ts'
import { stringAt, type JsonObject } from '../../core/json.ts'
import type { DefinitionPlan } from '../../core/plan/service/service-plan.ts'
import { compareTaskDefinitions } from '../../core/task-definition/compare.ts'
import type { TaskDefinitionRevision } from '../../core/task-definition/revision.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { objectOf } from '../aws/empty-answer.ts'
import { untilAborted } from '../aws/until-aborted.ts'
import { nameInArn } from '../../core/name-in-arn.ts'

/** What a family has beside a definition that is to be registered. */
export interface FoundRevision {
  /** An ACTIVE revision that says the same: the service's own first, then the family's newest. */
  readonly identical: TaskDefinitionRevision | undefined
  /** What the service runs now, else the newest of the family; undefined: there is none. */
  readonly before: JsonObject | undefined
}

/** Looks whether a revision is there that says what `input` says. @throws ActionError */
export async function findRevision(
  { source, currentDefinition }: DefinitionPlan,
  input: JsonObject,
  session: AwsSession,
  ports: Pick<Ports, 'signal'>,
): Promise<FoundRevision> {
  const current = currentDefinition?.definition
  // A revision that was asked for by name is used, even where the service's own says the same.
  const named = source.exact === true ? [source.definition] : []
  const known = [...named, ...(current === undefined ? [] : [current])]
  const identical = known.find((definition) => isIdentical(definition, input))
  if (identical !== undefined) {
    return { identical: toRevision(identical, false), before: current ?? identical }
  }
  const newest = await describeNewest(input, session, ports)
  const isSame = newest !== undefined && isIdentical(newest, input)
  return {
    identical: isSame ? toRevision(newest, false) : undefined,
    before: current ?? newest,
  }
}

/** Whether a revision can be deployed in place of `input`: a deregistered one runs on but cannot. */
export function isIdentical(definition: JsonObject, input: JsonObject): boolean {
  return (
    (stringAt(definition, 'status') ?? 'ACTIVE') === 'ACTIVE' &&
    stringAt(definition, 'family') === stringAt(input, 'family') &&
    compareTaskDefinitions(definition, input).length === 0
  )
}

/** @returns undefined where the family has no ACTIVE revision. */
export async function describeNewest(
  input: JsonObject,
  session: AwsSession,
  { signal }: Pick<Ports, 'signal'>,
): Promise<JsonObject | undefined> {
  const family = stringAt(input, 'family') ?? ''
  try {
    const call = () => session.ecs.describeTaskDefinition({ taskDefinition: family })
    const answer = await untilAborted(call, signal)
    return objectOf(answer, 'taskDefinition', 'DescribeTaskDefinition')
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    if (/Unable to describe task definition/.test(error.message)) return undefined
    throw explainEcs(error, { region: session.region, taskDefinition: `family ${family}` })
  }
}

/** @param registered Whether this run has registered it. */
export function toRevision(definition: JsonObject, registered: boolean): TaskDefinitionRevision {
  const arn = stringAt(definition, 'taskDefinitionArn') ?? ''
  return { arn, name: nameInArn(arn), registered, definition }
}
