import { isWithheld } from '../../core/withheld-variables.ts'

/**
 * The environment of a child: the job's, less its secrets, and what the call adds.
 * @param keptNames Variables that it gets although they are withheld from others.
 */
export function childEnvironment(
  job: Readonly<Record<string, string | undefined>>,
  added: Readonly<Record<string, string>> = {},
  keptNames: readonly string[] = [],
): Record<string, string> {
  const kept = Object.entries(job).flatMap(([name, value]): [string, string][] =>
    value === undefined || (isWithheld(name) && !keptNames.includes(name)) ? [] : [[name, value]],
  )
  return { ...Object.fromEntries(kept), ...added }
}
