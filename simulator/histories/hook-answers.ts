import type { LambdaAnswer } from '../ecs/engine/lambda-answers.ts'
import { objectsMember, stringMember } from '../wire/members.ts'
import { ServiceError, type JsonObject } from '../wire/service.ts'
import type { Hook, HookAction, Staged } from './history.ts'
import { operatorLooksMs, trafficSteps } from './passage.ts'
import type { World } from './play.ts'
import { cluster, service } from './service-input.ts'

type LambdaHook = Extract<Hook, { kind: 'lambda' }>

/** What the function answers each time that the deployment comes to its stage. */
export function lambdaAnswers(
  { waits, result }: LambdaHook,
  staged: Staged,
): readonly LambdaAnswer[] {
  const once = [
    ...Array.from({ length: waits }, () => ({ hookStatus: 'IN_PROGRESS' as const })),
    { hookStatus: result },
  ]
  return result === 'FAILED' ? once : trafficSteps(staged).flatMap(() => once)
}

/** Has an operator look at the new deployment, and answer its pauses as the history says. */
export function answerPauses({ hooks }: Staged, world: World): void {
  const answers = hooks.flatMap((hook) =>
    hook.kind === 'pause' && hook.answer !== undefined ? [{ ...hook.answer, ...hook }] : [],
  )
  if (answers.length === 0) return
  const seen = new Set<string>()
  const look = async (): Promise<void> => {
    const { record, over } = await newDeployment(world)
    if (over) return
    const stage = stringMember(record, 'lifecycleStage')
    const answer = answers.find((one) => one.stage === stage)
    const serviceDeploymentArn = stringMember(record, 'serviceDeploymentArn') ?? ''
    for (const hookId of awaiting(record)) {
      if (answer === undefined || seen.has(hookId)) continue
      seen.add(hookId)
      const input = { serviceDeploymentArn, hookId, action: answer.action }
      world.after(answer.afterMs, () => tell(input, world))
    }
    world.after(operatorLooksMs, look)
  }
  world.after(operatorLooksMs, look)
}

/** The second deployment is the new one. */
async function newDeployment(world: World): Promise<{ record: JsonObject; over: boolean }> {
  const list = await world.ask('ListServiceDeployments', { cluster, service })
  const [, brief] = objectsMember(list, 'serviceDeployments')?.toReversed() ?? []
  const arn = brief && stringMember(brief, 'serviceDeploymentArn')
  const over = /SUCCESSFUL|FAILED|STOP/.test((brief && stringMember(brief, 'status')) ?? '')
  if (arn === undefined || over) return { record: {}, over }
  const answer = await world.ask('DescribeServiceDeployments', { serviceDeploymentArns: [arn] })
  const [record = {}] = objectsMember(answer, 'serviceDeployments') ?? []
  return { record, over: false }
}

function awaiting(record: JsonObject): readonly string[] {
  return (objectsMember(record, 'lifecycleHookDetails') ?? [])
    .filter((hook) => stringMember(hook, 'status') === 'AWAITING_ACTION')
    .flatMap((hook) => stringMember(hook, 'hookId') ?? [])
}

/** A deployment that has gone another way meanwhile takes no answer: then nothing happens. */
async function tell(
  input: { serviceDeploymentArn: string; hookId: string; action: HookAction },
  world: World,
): Promise<void> {
  try {
    await world.ask('ContinueServiceDeployment', input)
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'InvalidParameterException') throw error
  }
}
