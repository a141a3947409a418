import { ActionError } from '../../core/errors/action-error.ts'
import { commitsOfEvent } from '../../core/image/naming/run-commit.ts'
import { describePlace, type EcsPlace } from '../../core/faults/ecs-fault.ts'
import type { Inputs } from '../../core/inputs/inputs.ts'
import { planAnswer, type PausedFacts } from '../../core/plan/service/plan-answer.ts'
import type { ContinuePlan } from '../../core/plan/plan.ts'
import type { CurrentService } from '../../core/rollout/observation/current-service.ts'
import { isRevisionOf, readServiceView } from '../../core/rollout/observation/observation.ts'
import { describePause } from '../../core/rollout/verdict/pause.ts'
import { readCurrentService } from '../../core/rollout/observation/read-current-service.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcs } from '../aws/ask-ecs.ts'
import { findService } from '../aws/find-service.ts'
import { describeDefinition } from './read-definition.ts'
import { findPausedDeployment, type PausedDeployment } from './find-paused-deployment.ts'
import {
  identifyPausedImage,
  notMeant,
  type PausedImage,
  type PausedRevision,
} from './identify-paused-image.ts'
import { nameInArn } from '../../core/name-in-arn.ts'

type ContinueInputs = Extract<Inputs, { mode: 'continue' }>
type AskedAnswer = Pick<ContinueInputs, 'deploy' | 'answer'>
type ContinuePorts = Pick<Ports, 'context' | 'github' | 'report' | 'signal'>

/**
 * Finds the pause that is to be answered and proves that it is the one that is meant: it is named
 * by `hook-id`, or it is the only one and its deployment brings `image` or a commit that this run's
 * event tells. An `image` that is given has to be right in both cases.
 * @throws ActionError
 */
export async function planContinue(
  { deploy, answer }: AskedAnswer,
  session: AwsSession,
  ports: ContinuePorts,
): Promise<ContinuePlan> {
  const [reference] = deploy.services
  if (reference === undefined) throw new TypeError('mode continue without a service')
  const cluster = nameInArn(reference.cluster)
  const place = { region: session.region, cluster, service: reference.service }
  const current = await describeService(reference, place, session, ports)
  const paused = await findPausedDeployment(answer, current, place, session, ports.signal)
  const { record, hook } = paused
  const revision = await readBrought(paused, current, place, session, ports)
  const target = { arn: record.target.arn, definition: revision.definition }
  const waiting = `${describePause(record, hook)}, of ${record.arn}`
  const found = await identify(target, { deploy, answer }, session, ports)
  if (found.image === undefined && isProofNeeded({ deploy, answer })) {
    const meant = deploy.image ?? `commit ${commitsOfEvent(ports.context).join(' or ')}`
    throw notMeant(describePlace(place), waiting, found, meant)
  }
  ports.report.line(`${describePlace(place)}: answers ${answer.action} to ${waiting}`)
  if (found.image !== undefined) ports.report.record({ image: found.image })
  const { image, containerNames } = found
  const facts: PausedFacts = { cluster, current, record, hook, ...revision, image, containerNames }
  return planAnswer(deploy, answer, facts)
}

/** A pause that is named needs no proof: what its image is only serves the look at the end. */
function isProofNeeded({ deploy, answer }: AskedAnswer): boolean {
  return answer.hookId === undefined || deploy.image !== undefined
}

async function identify(
  target: PausedRevision,
  asked: AskedAnswer,
  session: AwsSession,
  ports: ContinuePorts,
): Promise<PausedImage> {
  try {
    return await identifyPausedImage(target, asked.deploy, session, ports)
  } catch (error) {
    const optional = error instanceof ActionError && !isProofNeeded(asked)
    if (!optional || ports.signal.aborted) throw error
    ports.report.warning(`the image of the paused deployment is not known: ${error.message}`)
    return { image: undefined, containerNames: [], others: [] }
  }
}

async function describeService(
  reference: ContinueInputs['deploy']['services'][number],
  place: EcsPlace,
  session: AwsSession,
  { signal }: ContinuePorts,
): Promise<CurrentService> {
  const service = await askEcs(place, signal, () => findService(reference, session.ecs, signal))
  if (service !== undefined) return readCurrentService(service)
  throw new ActionError(
    'service-not-found',
    `there is no ${describePlace(place)}`,
    'Correct `deployment-arn`, `service`, `cluster` or `aws-region`. Nothing was written.',
  )
}

/** The task definition that the paused deployment brings, as the service lists it. */
async function readBrought(
  { record }: PausedDeployment,
  current: CurrentService,
  place: EcsPlace,
  session: AwsSession,
  ports: ContinuePorts,
): Promise<Pick<PausedFacts, 'taskDefinitionArn' | 'definition'>> {
  const listed = readServiceView(current.raw).deployments
  const ours = listed.find(({ id }) => isRevisionOf(record.target.arn, id))
  const taskDefinitionArn = ours?.taskDefinitionArn
  if (taskDefinitionArn === undefined) {
    throw new ActionError(
      'pause-not-found',
      `${describePlace(place)} does not list the deployment of ${record.target.arn}`,
      'Run the step again; if it stays, look at the service.',
    )
  }
  const { definition } = await describeDefinition(taskDefinitionArn, session, ports)
  return { taskDefinitionArn, definition }
}
