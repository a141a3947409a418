import type { ActionError } from '../core/errors/action-error.ts'
import { AwsFailure } from '../core/errors/aws-failure.ts'
import { describePlace } from '../core/faults/ecs-fault.ts'
import type { Failure, Outcome } from '../core/outcome.ts'
import type { TaskHistory } from '../core/rollout/fail-fast.ts'
import type { Observation, ServiceDeploymentBrief } from '../core/rollout/observation.ts'
import { rolloutError } from '../core/rollout/rollout-error.ts'
import type { Evidence, ServiceOutcome } from '../core/rollout/service-outcome.ts'
import { collectEvidence, evidenceOf } from './collect-evidence.ts'
import { confirmRollout, type Confirmation } from './confirm-rollout.ts'
import type { Rollout } from './rollout.ts'
import type { WatchEnd } from './watch-rollout.ts'

/** How the wait ended; `unchanged`: there was nothing to wait for, and the service is well. */
export type Conclusion = WatchEnd | { readonly kind: 'unchanged' }

/** What was seen until then. */
export interface Seen {
  readonly brief: ServiceDeploymentBrief | undefined
  readonly latest: Observation | undefined
  readonly history: TaskHistory
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
      goesOn(rollout, seen)
      return red(rollout, seen, 'failed', `the deployment fails: ${end.reason}`)
    case 'timed-out': {
      const minutes = Math.round(rollout.plan.wait.deadlineMs / 60_000)
      const seconds = Math.round(end.forMs / 1000)
      const what = `not complete after ${minutes} min; still awaited, for ${seconds} s: ${end.condition}`
      goesOn(rollout, seen)
      return red(rollout, seen, 'timed-out', what)
    }
    case 'lost':
      goesOn(rollout, seen)
      return red(rollout, seen, 'unknown', `lost sight of the deployment: ${end.cause.message}`)
    case 'final':
      if (end.outcome === 'deployed') return conclude(rollout, seen, 'deployed')
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

/** The last question to a good end: is it ours that runs? */
async function conclude(
  rollout: Rollout,
  seen: Seen,
  outcome: 'deployed' | 'unchanged',
): Promise<ServiceOutcome> {
  const { finding, runningImages, detail } = await confirm(rollout, seen.brief)
  const where = describePlace(rollout.place)
  const evidence = evidenceOf(rollout, seen.latest, runningImages)
  switch (finding) {
    case 'ours':
      return outcomeOf(rollout, seen.brief, { outcome, verified: true, evidence })
    case 'not-asked':
      rollout.ports.report.line(`${where}: no image was deployed, so no digest was compared`)
      return outcomeOf(rollout, seen.brief, { outcome, verified: false, evidence })
    case 'no-evidence':
      rollout.ports.report.warning(`${where}: ${outcome}, but not verified: ${detail}`)
      return outcomeOf(rollout, seen.brief, { outcome, verified: false, evidence })
    case 'other-deployment': {
      const what = `the deployment was complete, then another took its place: ${detail}`
      return red(rollout, seen, 'superseded', what)
    }
    case 'other-image': {
      const running = runningImages.map(({ container, digest }) => `${container} runs ${digest}`)
      const wanted = rollout.image?.digest ?? ''
      const what = `the service does not run what was pushed (${wanted}): ${running.join(', ')}`
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
    if (!(error instanceof AwsFailure)) throw error
    const detail = `ECS could not be asked: ${error.code}: ${error.message}`
    return { finding: 'no-evidence', runningImages: [], detail }
  }
}

async function red(
  rollout: Rollout,
  seen: Seen,
  outcome: Failure,
  what: string,
): Promise<ServiceOutcome> {
  const { report } = rollout.ports
  const where = describePlace(rollout.place)
  report.line(`${where}: ${what}`)
  const evidence = await report.phase(
    'diagnose',
    `Why ${rollout.plan.service} did not deploy`,
    () => collectEvidence(rollout, seen.latest, seen.history),
  )
  const error = rolloutError(outcome, where, what, evidence)
  return outcomeOf(rollout, seen.brief, { outcome, verified: false, evidence, error })
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
  },
): ServiceOutcome {
  return {
    cluster: plan.cluster,
    service: plan.service,
    serviceArn: plan.current.serviceArn,
    outcome: end.outcome,
    changed: deployment.started,
    verified: end.verified,
    taskDefinitionArn: deployment.revision.arn,
    previousTaskDefinitionArn: deployment.previousTaskDefinitionArn,
    deploymentId: deployment.deploymentId === '' ? undefined : deployment.deploymentId,
    deploymentArn: brief?.arn,
    evidence: end.evidence ?? noEvidence,
    error: end.error,
  }
}
