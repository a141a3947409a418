import { ActionError } from '../../core/errors/action-error.ts'
import type { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isFailedCall } from '../../core/errors/failed-call.ts'
import { deniedAction } from '../../core/faults/denied-statement.ts'
import { objectsAt, stringsAt } from '../../core/json.ts'
import { worstOf } from '../../core/outcome.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import { nameInArn } from '../../core/name-in-arn.ts'
import { familyOf, revisionsBeyond } from '../../core/task-definition/keep.ts'
import { isOwn } from '../../core/task-definition/own-tag.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { findUsedRevisions } from './find-used-revisions.ts'
import { listAll } from '../aws/list-all.ts'
import { untilAborted } from '../aws/until-aborted.ts'

/**
 * Revisions that one run looks at. Deregistering shares with registering a bucket of twenty calls
 * that fills by one a second for the whole account and region: other jobs need some of it.
 */
const mostLookedAt = 10

type CleanUpPorts = Pick<Ports, 'context' | 'report' | 'signal'>

/**
 * Where every service is deployed, deregisters revisions of their families beyond those that are to
 * be kept: only what runs of this repository registered, and nothing that is in use. Nothing is
 * deleted. What goes wrong is a warning: the services are deployed.
 * @param outcomes Of the services, in the order of the plans.
 */
export async function cleanUpTaskDefinitions(
  plans: readonly ServicePlan[],
  outcomes: readonly ServiceOutcome[],
  session: AwsSession,
  ports: CleanUpPorts,
): Promise<void> {
  const wanted = plans.some(({ keepTaskDefinitions }) => keepTaskDefinitions !== undefined)
  if (!wanted || worstOf(outcomes.map(({ outcome }) => outcome)) !== 'deployed') return
  await ports.report.phase('clean-up', 'Deregistering old task definitions', () =>
    cleanUp(plans, outcomes, session, ports),
  )
}

async function cleanUp(
  plans: readonly ServicePlan[],
  outcomes: readonly ServiceOutcome[],
  session: AwsSession,
  ports: CleanUpPorts,
): Promise<void> {
  const deployed = outcomes.map(({ taskDefinitionArn }) => taskDefinitionArn)
  for (const family of new Set(deployed.map(familyOf))) {
    const users = plans.filter((_plan, i) => familyOf(deployed[i] ?? '') === family)
    const keep = users[0]?.keepTaskDefinitions
    if (keep === undefined) continue
    try {
      await cleanUpFamily({ family, keep, users, deployed }, session, ports)
    } catch (error) {
      if (ports.signal.aborted) return
      if (!isFailedCall(error)) throw error
      ports.report.warning(`no more revisions of ${family} are deregistered: ${explain(error)}`)
    }
  }
}

function explain(failure: AwsFailure | ActionError): string {
  if (failure instanceof ActionError) return failure.message
  return failure.denied
    ? `the permission ${deniedAction(failure)} is missing`
    : `${failure.operation}: ${failure.code}: ${failure.message}`
}

async function cleanUpFamily(
  about: {
    readonly family: string
    readonly keep: number
    readonly users: readonly ServicePlan[]
    /** What this run deployed; ECS's lists may not have it yet. */
    readonly deployed: readonly string[]
  },
  session: AwsSession,
  { context, report, signal }: CleanUpPorts,
): Promise<void> {
  const { family, keep, users, deployed } = about
  const { ecs } = session
  const inUse = await findUsedRevisions(family, users, session, signal)
  if (inUse === undefined) {
    report.warning(`ECS does not tell which revisions of ${family} were deployed: all stay`)
    return
  }
  const input = { familyPrefix: family, status: 'ACTIVE', sort: 'DESC' }
  const list = await listAll(
    (page) => ecs.listTaskDefinitions({ ...input, ...page }),
    (answer) => stringsAt(answer, 'taskDefinitionArns'),
    signal,
  )
  const active = list.filter((arn) => familyOf(arn) === family)
  const old = revisionsBeyond(active, keep, new Set([...inUse, ...deployed]))
  const gone: string[] = []
  for (const arn of old.slice(0, mostLookedAt)) {
    const look = () => ecs.describeTaskDefinition({ taskDefinition: arn, include: ['TAGS'] })
    const answer = await untilAborted(look, signal)
    if (!isOwn(objectsAt(answer, 'tags'), context.repository)) continue
    await untilAborted(() => ecs.deregisterTaskDefinition({ taskDefinition: arn }), signal)
    gone.push(nameInArn(arn))
  }
  if (gone.length > 0) report.line(`deregistered ${gone.join(', ')}; the newest ${keep} stay`)
}
