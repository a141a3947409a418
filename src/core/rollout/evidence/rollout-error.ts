import { ActionError } from '../../errors/action-error.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import type { Failure } from '../../outcome.ts'
import type { Cause } from '../causes/cause.ts'
import { findCause, findLogCause, findTaskCause } from '../causes/causes.ts'
import type { Evidence, StoppedTaskGroup } from './service-outcome.ts'
import {
  describeTargets,
  targetCause,
  type UnhealthyTargets,
} from '../observation/target-health.ts'

/** The outcomes of a rollout that are red, their codes, and what to do where no cause is known. */
const endings: Readonly<Partial<Record<Failure, readonly [ErrorCode, string]>>> = {
  'rolled-back': [
    'rollout-rolled-back',
    'Correct the release; the service runs what it ran before.',
  ],
  'rollback-failed': [
    'rollback-failed',
    'Look at the service now: neither the new tasks nor the old ones are in order.',
  ],
  failed: [
    'rollout-failed',
    'Correct the release; the old tasks keep running. A deploymentCircuitBreaker with rollback returns the whole service to them by itself.',
  ],
  superseded: [
    'rollout-superseded',
    'Nothing is wrong with this release; give the workflow a concurrency group if deployments shall not overtake each other.',
  ],
  stopped: ['rollout-stopped', 'Somebody stopped the deployment; deploy again when it is due.'],
  'timed-out': [
    'rollout-timed-out',
    'The deployment goes on in AWS. Raise `wait-for-minutes` if it needs longer.',
  ],
  unknown: [
    'rollout-lost',
    'The deployment goes on in AWS: look at the service. Give the job credentials and permissions that last for the whole wait.',
  ],
  'wrong-image': [
    'wrong-image',
    'Find out who changed the service or the image; deploy again to put this release back.',
  ],
}

/**
 * The error of a red rollout: what became of it, the plain cause, ECS's own words; and the remedy
 * for the cause, else for the ending.
 * @param where `service "web" in cluster "prod" (eu-west-1)`
 * @param what What became of the deployment, in our words.
 * @param ownRemedy Instead of the ending's usual one.
 */
export function rolloutError(
  outcome: Failure,
  where: string,
  what: string,
  evidence: Evidence,
  ownRemedy?: string,
): ActionError {
  const [code, usualRemedy] = endings[outcome] ?? ['unexpected', 'Please report this.']
  const remedy = ownRemedy ?? usualRemedy
  const blamed = outcome === 'superseded' || outcome === 'stopped' ? undefined : explain(evidence)
  const message = [
    `${where}: ${what.replace(/\.$/, '')}`,
    ...(blamed === undefined ? [] : [blamed.text]),
  ].join(': ')
  const advice = blamed?.remedy === undefined ? remedy : `${blamed.remedy} ${remedy}`
  return new ActionError(code, message.replace(/\s+/g, ' '), advice)
}

interface Blame {
  readonly text: string
  readonly remedy: string | undefined
}

/** What is to blame: tasks that stopped, else unhealthy targets, else what ECS says. */
function explain(evidence: Evidence): Blame | undefined {
  return blameTasks(evidence) ?? blameTargets(evidence) ?? blameWords(evidence)
}

function blameTasks({ stoppedTasks, targets, logLines }: Evidence): Blame | undefined {
  const [worst] = stoppedTasks
  if (worst === undefined) return undefined
  const reason = reasonOf(worst)
  const cause = causeOf(worst, targets ?? [], logLines ?? [])
  const words = `${worst.count} ${worst.count === 1 ? 'task' : 'tasks'} stopped: ${reason}`
  return blame(cause, words)
}

/** The load balancer and the container's own runtime know more than a stopped task shows. */
function causeOf(
  { reason, containers }: StoppedTaskGroup,
  targets: readonly UnhealthyTargets[],
  logLines: readonly string[],
): Cause | undefined {
  const words = [reason, ...containers.map(({ reason: why }) => why ?? '')].join('; ')
  const cause = findTaskCause(words, containers[0]?.exitCode)
  if (cause?.id === 'target-unhealthy') {
    const [known] = targets.flatMap((target) => targetCause(target) ?? [])
    return known ?? cause
  }
  return cause?.id.startsWith('exit-') === true ? (findLogCause(logLines) ?? cause) : cause
}

function blameTargets({ targets = [] }: Evidence): Blame | undefined {
  const [worst] = targets
  return worst === undefined ? undefined : blame(targetCause(worst), describeTargets(worst))
}

/** Of a rollout without a failed task: why none could be placed, say. The latest word counts. */
function blameWords({ reasons, events }: Evidence): Blame | undefined {
  const words = [...reasons, ...events.map(({ message }) => message).reverse()]
  const known = words.flatMap((text) => {
    const cause = findCause(text)
    return cause === undefined ? [] : [{ cause, text }]
  })
  const [first] = known
  return first === undefined ? undefined : blame(first.cause, first.text)
}

function blame(cause: Cause | undefined, words: string): Blame {
  return { text: `${cause?.sentence ?? 'unknown cause'} (${words})`, remedy: cause?.remedy }
}

/** ECS's words, and how the worst container ended. */
export function reasonOf({ reason, stopCode, containers }: StoppedTaskGroup): string {
  const ends = containers
    .filter(({ exitCode, reason: why }) => (exitCode ?? 0) !== 0 || why !== undefined)
    .map(({ name, exitCode, reason: why }) =>
      [`container ${name}`, exitCode === undefined ? '' : `exit code ${exitCode}`, why ?? '']
        .filter((part) => part !== '')
        .join(', '),
    )
  return [reason === '' ? stopCode : reason, ...ends].join('; ')
}
