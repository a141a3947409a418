import type { HookAction } from '../../rollout/verdict/pause.ts'
import {
  parseWaitUntil,
  waitUntilGrammar,
  type WaitUntil,
} from '../../rollout/verdict/wait-until.ts'
import type { ServiceReference } from '../inputs.ts'
import type { InputReader } from '../reader.ts'
import { nameInArn } from '../../name-in-arn.ts'

const pauseChoices = ['wait', 'return', 'continue', 'rollback'] as const
/** What is done when a deployment is paused: the wait goes on, ends, or the pause is answered. */
export type OnPause = (typeof pauseChoices)[number]

/** How far a deployment is awaited, and what is done on the way. */
export interface WaitingInputs {
  readonly until: WaitUntil
  readonly onPause: OnPause
}

/** Which pause is answered, and how. */
export interface AnswerInputs {
  readonly action: HookAction
  /** Undefined: it is looked for in the service. */
  readonly deploymentArn: string | undefined
  /** Undefined: the only hook that awaits an answer. */
  readonly hookId: string | undefined
}

export function readWaiting(reader: InputReader): WaitingInputs {
  return {
    until: reader.parsed('wait-until', waitUntilGrammar, parseWaitUntil) ?? { kind: 'deployed' },
    onPause: reader.choice('on-pause', pauseChoices),
  }
}

const actions: Readonly<Record<string, HookAction>> = { continue: 'CONTINUE', rollback: 'ROLLBACK' }

const deploymentArnPattern =
  /^arn:aws[a-z-]*:ecs:([a-z0-9-]+):\d{12}:service-deployment\/([\w-]{1,255})\/([\w-]{1,255})\/[\w-]+$/

/** Mode `continue`: an answer has no default, for a typing error must not release anything. */
export function readAnswer(
  reader: InputReader,
  services: readonly ServiceReference[],
): AnswerInputs {
  const action = reader.parsed('hook-action', 'is neither continue nor rollback', (text) =>
    Object.hasOwn(actions, text) ? actions[text] : undefined,
  )
  if (reader.text('hook-action') === undefined) {
    reader.reject('hook-action', 'is missing; write continue or rollback')
  }
  const deploymentArn = reader.parsed(
    'deployment-arn',
    'is not the ARN of a service deployment',
    (text) => (deploymentArnPattern.test(text) ? text : undefined),
  )
  if (reader.text('deployment-arn') === undefined && services.length === 0) {
    reader.reject('deployment-arn', 'is missing; give it, or the `service` that is paused')
  }
  if (services.length > 1)
    reader.reject('service', 'names several; one pause is answered at a time')
  const hookId = reader.parsed('hook-id', 'is not the id of a lifecycle hook', (text) =>
    /^[\w-]{1,255}$/.test(text) ? text : undefined,
  )
  rejectAnotherService(reader, services, deploymentArn)
  return { action: action ?? 'ROLLBACK', deploymentArn, hookId }
}

function rejectAnotherService(
  reader: InputReader,
  services: readonly ServiceReference[],
  deploymentArn: string | undefined,
): void {
  const own = deploymentArn === undefined ? undefined : serviceOfDeployment(deploymentArn)
  if (own === undefined) return
  for (const { service, cluster, region } of services) {
    const sameCluster = nameInArn(cluster) === own.cluster
    const sameRegion = region === undefined || region === own.region
    if (service === own.service && sameCluster && sameRegion) continue
    reader.reject('deployment-arn', `is not of the service "${cluster}/${service}"`)
  }
}

/** The service that a service deployment belongs to; undefined where the text is no such ARN. */
export function serviceOfDeployment(deploymentArn: string): ServiceReference | undefined {
  const [, region, cluster, service] = deploymentArnPattern.exec(deploymentArn) ?? []
  if (cluster === undefined || service === undefined) return undefined
  return { cluster, service, region }
}

const idleWithoutWait = [
  ...['wait-until', 'wait-for-minutes', 'max-task-failures', 'on-pause'],
  ...['on-timeout', 'on-cancel', 'on-superseded'],
] as const

/** Inputs that were given and come to nothing, because nobody waits; one notice, or none. */
export function describeIdleWaiting(reader: InputReader): readonly string[] {
  if (!/^false$/i.test(reader.text('wait-for-service-stability') ?? '')) return []
  const idle = idleWithoutWait.filter((name) => reader.given(name))
  return idle.length === 0
    ? []
    : [`\`wait-for-service-stability: false\` leaves no use for ${idle.join(', ')}`]
}
