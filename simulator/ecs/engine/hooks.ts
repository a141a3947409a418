import { numberMember, objectMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import type { HookRun, LifecycleStage } from '../model/lifecycle.ts'
import type { Service } from '../model/service.ts'

import { hooksFor } from './lifecycle-stages.ts'
import { countsByRevision } from './task-counts.ts'
import type { EngineParts } from './task-launch.ts'

const defaultTimeoutMinutes = 1440
const callBackDelaySeconds = 30

function beginHook(hook: JsonObject, { clock, ids }: EngineParts): HookRun {
  const now = clock.now()
  const timeout = objectMember(hook, 'timeoutConfiguration') ?? {}
  const minutes = numberMember(timeout, 'timeoutInMinutes') ?? defaultTimeoutMinutes
  const pause = stringMember(hook, 'targetType') === 'PAUSE'
  const targetArn = stringMember(hook, 'hookTargetArn')
  return {
    id: `ecs-${pause ? 'pause' : 'lambda'}-${ids.token()}${ids.token()}`,
    targetType: pause ? 'PAUSE' : 'AWS_LAMBDA',
    ...(!pause && targetArn !== undefined && { targetArn }),
    ...(hook['hookDetails'] !== undefined && { details: hook['hookDetails'] }),
    expiresAtMs: now + minutes * 60_000,
    timeoutAction: stringMember(timeout, 'action') === 'CONTINUE' ? 'CONTINUE' : 'ROLLBACK',
    status: pause ? 'AWAITING_ACTION' : 'IN_PROGRESS',
    invokeAtMs: now,
  }
}

/** Begins the hooks that the service has for `stage`. */
export function beginHooks(
  service: Service,
  stage: LifecycleStage,
  parts: EngineParts,
): readonly HookRun[] {
  return hooksFor(service.settings, stage).map((hook) => beginHook(hook, parts))
}

/** What a function is told, as the developer guide has it. */
function payloadOf(service: Service, stage: LifecycleStage, { details }: HookRun): JsonObject {
  const [record] = service.records
  const counts = [...countsByRevision(service)]
  const weights = (kind: 'test' | 'production'): JsonObject =>
    Object.fromEntries(counts.map(([arn, { traffic }]) => [arn, traffic?.[kind] ?? 0]))
  return {
    serviceArn: service.arn,
    targetServiceRevisionArn: record?.target.arn ?? '',
    lifecycleStage: stage,
    testTrafficWeights: weights('test'),
    productionTrafficWeights: weights('production'),
    ...(details !== undefined && { hookDetails: details }),
  }
}

function invoke(hook: HookRun, service: Service, stage: LifecycleStage, parts: EngineParts): void {
  const answer = parts.lambda.invoke(hook.targetArn ?? '', payloadOf(service, stage, hook))
  hook.status = answer.hookStatus
  const delaySeconds = answer.callBackDelaySeconds ?? callBackDelaySeconds
  hook.invokeAtMs = parts.clock.now() + delaySeconds * 1000
}

const isOpen = ({ status }: HookRun): boolean =>
  status === 'AWAITING_ACTION' || status === 'IN_PROGRESS'

const isBad = ({ status, timeoutAction }: HookRun): boolean =>
  status === 'FAILED' || (status === 'TIMED_OUT' && timeoutAction === 'ROLLBACK')

/** Lets the stage's hooks go on; while one is open, tells when to look again. */
export function advanceHooks(
  service: Service,
  stage: LifecycleStage,
  hooks: readonly HookRun[],
  parts: EngineParts,
): { readonly verdict: 'open' | 'passed' | 'failed'; readonly lookAgainAtMs?: number } {
  const now = parts.clock.now()
  for (const hook of hooks.filter(isOpen)) {
    if (now >= hook.expiresAtMs) hook.status = 'TIMED_OUT'
    else if (hook.status === 'IN_PROGRESS' && now >= hook.invokeAtMs) {
      invoke(hook, service, stage, parts)
    }
  }
  if (hooks.some(isBad)) return { verdict: 'failed' }
  const open = hooks.filter(isOpen)
  if (open.length === 0) return { verdict: 'passed' }
  const nextMs = open.map(({ status, invokeAtMs, expiresAtMs }) =>
    status === 'IN_PROGRESS' ? Math.min(invokeAtMs, expiresAtMs) : expiresAtMs,
  )
  return { verdict: 'open', lookAgainAtMs: Math.min(...nextMs) }
}
