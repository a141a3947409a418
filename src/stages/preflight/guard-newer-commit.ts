import { ActionError } from '../../core/errors/action-error.ts'
import { GitHubFailure } from '../../core/errors/github-failure.ts'
import { describeGitHubFailure } from '../../core/faults/github.ts'
import { judgeCommit, type CommitVerdict } from '../../core/guards/newer-commit.ts'
import type { ServicePlan } from '../../core/plan/service/service-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { Objections } from './objections.ts'
import { readLiveCommit } from './read-live-commit.ts'
import { untilAborted } from '../aws/until-aborted.ts'

type GuardPorts = Pick<Ports, 'github' | 'report' | 'signal'>

/**
 * Looks whether a service runs a commit that is newer than the one to be released. What cannot be
 * told is said in one warning for each commit that runs, and keeps nothing back.
 * @param commit The one to be released, in full.
 * @throws ActionError `newer-commit-deployed`
 */
export async function guardNewerCommit(
  plans: readonly ServicePlan[],
  commit: string,
  session: AwsSession,
  ports: GuardPorts,
): Promise<void> {
  const live = new Map<string, string[]>()
  const reads = plans.map(async (plan) => {
    const found = await readLiveCommit(plan, session, ports)
    const place = `${plan.cluster}/${plan.service}`
    if ('unknown' in found) warn(`the commit that ${place} runs`, found.unknown, ports)
    else live.set(found.commit, [...(live.get(found.commit) ?? []), place])
  })
  await Promise.all(reads)
  const objections = new Objections()
  const guards = [...live].map(async ([running, places]) => {
    const verdict = await compare(running, commit, ports)
    if (verdict.kind === 'refuse') throw refusal(running, commit, places)
    if (verdict.kind === 'warn') {
      warn(`whether ${running}, which ${places.join(', ')} runs, is newer`, verdict.why, ports)
    }
  })
  await Promise.all(guards.map((guard) => objections.collect(guard)))
  objections.raise()
}

async function compare(
  running: string,
  commit: string,
  { github, report, signal }: GuardPorts,
): Promise<CommitVerdict> {
  if (running === commit) return { kind: 'pass' }
  try {
    const relation = await untilAborted(() => github.compareCommits(running, commit), signal)
    report.detail(`${commit} is ${relation} of ${running}, which runs`)
    return judgeCommit(relation)
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error
    return { kind: 'warn', why: describeGitHubFailure(error, 'contents: read') }
  }
}

function warn(what: string, why: string, { report }: Pick<Ports, 'report'>): void {
  report.warning(`guard-newer-commit cannot tell ${what}: ${why}; the release goes on`)
}

function refusal(running: string, commit: string, places: readonly string[]): ActionError {
  return new ActionError(
    'newer-commit-deployed',
    `${places.join(', ')} runs commit ${running}, which is newer than ${commit}, the one to be released`,
    'Release the newer commit; to go back on purpose use `mode: deploy` with `image`, or `mode: rollback`. Nothing was written.',
  )
}
