import { pausesOf } from '../verdict/pause.ts'
import type { Memory } from '../verdict/watch.ts'

/**
 * How long the deployment itself still rests, bake time or pauses that nobody has answered: nothing
 * moves until then. It only sets the pace of looking, so that ECS's times and ours may meet here.
 * @param answered Ids of the hooks that this run has answered.
 * @returns undefined where the deployment moves.
 */
export function restLeftMs(
  { latest, standing }: Memory,
  answered: ReadonlySet<string>,
  now: Date,
): number | undefined {
  const { record, atMs } = latest
  if (record === undefined || record.status !== 'IN_PROGRESS' || record.rollingBack)
    return undefined
  const pauses = pausesOf(record).filter(({ id }) => !answered.has(id))
  const ends = pauses.map(({ expiresAt }) =>
    expiresAt === undefined ? Infinity : expiresAt.getTime() - now.getTime(),
  )
  if (record.lifecycleStage === 'BAKE_TIME' && standing?.stage === 'BAKE_TIME') {
    ends.push(standing.sinceMs + record.shift.bakeMs - atMs)
  }
  return ends.length === 0 ? undefined : Math.min(...ends)
}
