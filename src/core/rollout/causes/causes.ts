import type { Cause, KnownCause } from './cause.ts'
import { exitCause } from './exit-causes.ts'
import { placementCauses } from './placement-causes.ts'
import { containerCauses, healthCauses } from './run-causes.ts'
import { attachmentCauses, initialisationCauses } from './set-up-causes.ts'
import { pullCauses } from './start-causes.ts'

/**
 * ECS's reasons, from the most to the least special: the first that matches speaks. The texts are
 * from the developer guide's "stopped task error codes", "CannotPullContainer task errors" and
 * "service event messages", the ECS agent's error messages, and public issues; platform 1.4 cuts
 * them short, so that patterns match beginnings.
 */
const known: readonly KnownCause[] = [
  ...pullCauses,
  ...initialisationCauses,
  ...containerCauses,
  ...healthCauses,
  ...placementCauses,
  ...attachmentCauses,
]

/** @returns undefined where the reason is not known: it is then told as it is. */
export function findCause(reason: string): Cause | undefined {
  return known.find(({ pattern }) => pattern.test(reason))
}

/**
 * The cause of a task's end: its reasons speak first; where they say no more than that a container
 * ended, the exit code of the one that failed worst does.
 * @param exitCode Of the container that failed worst.
 */
export function findTaskCause(reason: string, exitCode: number | undefined): Cause | undefined {
  const cause = findCause(reason)
  if (cause?.id !== 'essential-exited' || exitCode === undefined) return cause
  return exitCause(exitCode)
}

/** What a runtime writes into the container's own log before the program could run. */
const runtimeLine = /^(standard_init_linux\.go|exec |exec: |OCI runtime|\/bin\/(ba)?sh: )/i

/** The cause that the last lines of a container tell, where its runtime wrote them; else undefined. */
export function findLogCause(lines: readonly string[]): Cause | undefined {
  const written = lines.map((line) => line.trim()).filter((line) => runtimeLine.test(line))
  const causes = written.map((line) => findCause(line))
  return causes.find(
    (cause) => cause?.id === 'wrong-architecture' || cause?.id === 'command-missing',
  )
}
