import type { ActionError } from '../../core/errors/action-error.ts'
import { isFailedCall } from '../../core/errors/failed-call.ts'
import { describePlace } from '../../core/faults/ecs-fault.ts'
import type { Failure, Outcome } from '../../core/outcome.ts'
import type { TaskHistory } from '../../core/rollout/verdict/fail-fast.ts'
import type {
  Observation,
  ServiceDeploymentBrief,
} from '../../core/rollout/observation/observation.ts'
import { howToAnswer, pausesOf } from '../../core/rollout/verdict/pause.ts'
import { rolloutError } from '../../core/rollout/evidence/rollout-error.ts'
import type { Evidence, ServiceOutcome } from '../../core/rollout/evidence/service-outcome.ts'
import { collectEvidence, evidenceOf } from './collect-evidence.ts'
import { tellTime } from './tell-time.ts'
import { confirmRollout, type Confirmation } from './confirm-rollout.ts'
import { mayGoOn } from './rollback-request.ts'
import { pushedDigests, type Rollout } from './rollout.ts'
import { settleFailure } from './settle-failure.ts'
import type { RolloutWatch, WatchEnd } from './watch-rollout.ts'

/** How the wait ended; `unchanged`: there was nothing to wait for, and the service is well. */
export type Conclusion = WatchEnd | { readonly kind: 'unchanged' }

/** What was seen until then. */
export interface Seen {
  readonly brief: ServiceDeploymentBrief | undefined
  readonly latest: Observation | undefined
  readonly history: TaskHistory
  /** What watched it, where a deployment was under way. */
  readonly watch: RolloutWatch | undefined
}

const noEvidence: Evidence = { reasons: [], stoppedTasks: [], events: [], runningImages: [] }

/** Makes the service's outcome of the end of the wait, with everything that explains it. */
export async function concludeRollout(
  rollout: Rollout,
  seen: Seen,
  end: Conclusion,
): Promise<ServiceOutcome> {
  switch (end.kind) {
    case 'unchanged':
      return conclude(rollout, seen, 'unchanged')
    case 'hopeless':
      return settleRed(rollout, seen, 'failed', `the deployment fails: ${end.reason}`)
    case 'timed-out': {
      const minutes = Math.round(rollout.plan.wait.mostMs / 60_000)
      const seconds = Math.round(end.forMs / 1000)
      const what = `not complete after ${minutes} min; still awaited, for ${seconds} s: ${end.condition}`
      return settleRed(rollout, seen, 'timed-out', what)
    }
    case 'lost': {
      const isUnderWay = seen.watch !== undefined
      if (isUnderWay) goesOn(rollout, seen)
      const what = `lost sight of the ${isUnderWay ? 'deployment' : 'service'}`
      return red(rollout, seen, 'unknown', `${what}: ${end.cause.message}`)
    }
    case 'final':
      if (end.outcome === 'deployed') return conclude(rollout, seen, 'deployed')
      if (end.outcome === 'failed') {
        return settleRed(rollout, seen, 'failed', `${sentences.failed}: ${end.reason}`, 'ended')
      }
      return red(rollout, seen, end.outcome, `${sentences[end.outcome]}: ${end.reason}`)
  }
}

const sentences = {
  'rolled-back': 'ECS rolled the deployment back',
  'rollback-failed': 'the deployment failed, and so did its rollback',
  failed: 'the deployment failed',
  superseded: 'the deployment was superseded',
  stopped: 'the deployment was stopped',
} as const

/** An end that the policies may want undone: first what ECS makes of that, then the outcome. */
async function settleRed(
  rollout: Rollout,
  seen: Seen,
  cause: 'failed' | 'timed-out',
  what: string,
  state: 'under-way' | 'ended' = 'under-way',
): Promise<ServiceOutcome> {
  const { brief, watch } = seen
  const settled = await settleFailure(rollout, { cause, what, brief, watch })
  if (settled === undefined) {
    if (state === 'under-way') goesOn(rollout, seen)
    return red(rollout, seen, cause, what)
  }
  const { outcome, landed } = settled
  const mayReturn = mayGoOn(rollout.rollback.request)
  if (settled.goesOn && (state === 'under-way' || mayReturn)) goesOn(rollout, seen)
  const now = { ...seen, latest: watch?.latest, history: watch?.history ?? seen.history }
  if (outcome === 'deployed') return conclude(rollout, now, 'deployed')
  return red(rollout, now, outcome, `${what}; ${landed}`, settled.remedy)
}

/** The last question to a good end: is it ours that runs? */
async function conclude(
  rollout: Rollout,
  seen: Seen,
  end: 'deployed' | 'unchanged',
): Promise<ServiceOutcome> {
  const { expectedImages } = rollout.plan
  const outcome = end === 'deployed' && expectedImages !== undefined ? 'reverted' : end
  const { finding, runningImages, tasks, detail } = await confirm(rollout, seen.brief)
  if (finding === 'other-deployment') {
    const what = `the deployment was complete, then another took its place: ${detail}`
    return red(rollout, seen, 'superseded', what)
  }
  const where = describePlace(rollout.place)
  const measured = end === 'deployed' ? await tellTime(rollout, { ...seen, running: tasks }) : {}
  const evidence = { ...evidenceOf(rollout, seen.latest, runningImages), ...measured }
  switch (finding) {
    case 'ours':
      return outcomeOf(rollout, seen.brief, { outcome, verified: true, evidence })
    case 'not-asked':
      rollout.ports.report.line(`${where}: no image was deployed, so no digest was compared`)
      return outcomeOf(rollout, seen.brief, { outcome, verified: false, evidence })
    case 'no-evidence':
      rollout.ports.report.warning(`${where}: ${outcome}, but not verified: ${detail}`)
      return outcomeOf(rollout, seen.brief, { outcome, verified: false, evidence })
    case 'other-image': {
      const running = runningImages.map(({ container, digest }) => `${container} runs ${digest}`)
      const wanted =
        expectedImages === undefined
          ? `what was pushed (${pushedDigests(rollout)})`
          : 'the images that the definition meant when it was deployed before'
      const what = `the service does not run ${wanted}: ${running.join(', ')}`
      const error = rolloutError('wrong-image', where, what, evidence)
      return outcomeOf(rollout, seen.brief, {
        ...{ outcome: 'wrong-image', verified: false },
        ...{ evidence, error },
      })
    }
  }
}

/** ECS has called the deployment complete: that the proof cannot be read does not undo it. */
async function confirm(
  rollout: Rollout,
  brief: ServiceDeploymentBrief | undefined,
): Promise<Confirmation> {
  try {
    return await confirmRollout(rollout, brief)
  } catch (error) {
    if (!isFailedCall(error) || rollout.ports.signal.aborted) throw error
    const detail = `ECS could not be asked: ${error.code}: ${error.message}`
    return { finding: 'no-evidence', runningImages: [], detail }
  }
}

async function red(
  rollout: Rollout,
  seen: Seen,
  outcome: Failure,
  what: string,
  advice = adviceAbout(outcome, seen),
): Promise<ServiceOutcome> {
  const { report } = rollout.ports
  const where = describePlace(rollout.place)
  report.line(`${where}: ${what}`)
  const evidence = await report.phase(
    'diagnose',
    `Why ${rollout.plan.service} did not deploy`,
    async () => ({
      ...(await collectEvidence(rollout, seen.latest, seen.history, beganAt(seen))),
      // Without a watch there was nothing to roll out.
      ...(seen.watch && (await tellTime(rollout, { ...seen, lost: outcome === 'unknown' }))),
    }),
  )
  const error = rolloutError(outcome, where, what, evidence, advice)
  const accepted = outcome === 'superseded' && rollout.plan.policies.onSuperseded === 'succeed'
  return outcomeOf(rollout, seen.brief, { outcome, verified: false, evidence, error, accepted })
}

/** By ECS's own word, which the latest look may not show any more. */
function beganAt({ brief, watch }: Seen): Date | undefined {
  return brief?.createdAt ?? watch?.seenCreatedAt
}

/** A deployment that only waits for somebody's answer does not need more time. */
function adviceAbout(outcome: Failure, { latest, watch }: Seen): string | undefined {
  if (outcome === 'unknown' && watch === undefined) {
    return 'No deployment was started: look at the service. Give the job credentials and permissions that last for the whole wait.'
  }
  const [pause] = outcome === 'timed-out' ? pausesOf(latest?.record) : []
  return pause && howToAnswer(latest?.record?.arn ?? '', pause)
}

/** The run ends before the deployment does. */
function goesOn({ place, deployment, ports }: Rollout, { brief }: Seen): void {
  const name = brief?.arn ?? deployment.deploymentId
  ports.report.goesOn(`the deployment of ${describePlace(place)}: ${name}`)
}

/** The outcome with the facts that every one has. */
export function outcomeOf(
  { plan, deployment }: Rollout,
  brief: ServiceDeploymentBrief | undefined,
  end: {
    readonly outcome: Outcome
    readonly verified: boolean
    readonly evidence?: Evidence
    readonly error?: ActionError
    readonly accepted?: boolean
  },
): ServiceOutcome {
  const { renderedFile } = deployment.revision
  return {
    cluster: plan.cluster,
    service: plan.service,
    serviceArn: plan.current.serviceArn,
    outcome: end.outcome,
    changed: deployment.started || deployment.settingsChanged === true,
    verified: end.verified,
    taskDefinitionArn: deployment.revision.arn,
    ...(renderedFile !== undefined && { renderedTaskDefinition: renderedFile }),
    previousTaskDefinitionArn: deployment.previousTaskDefinitionArn,
    deploymentId: deployment.deploymentId === '' ? undefined : deployment.deploymentId,
    deploymentArn: brief?.arn,
    evidence: end.evidence ?? noEvidence,
    error: end.error,
    ...(end.accepted === true && { accepted: true }),
  }
}
