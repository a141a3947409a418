import { evaluateDefault } from './expression.ts'
import type { Contexts } from './expression.ts'
import type { ActionManifest } from './manifest.ts'

/** The inputs of a step, complete, and what the runner has to say about them. */
export interface ResolvedInputs {
  /** Values by the names that action.yml or the step wrote. */
  readonly values: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
}

/**
 * Completes what a step gives with the defaults of action.yml. As in the runner an input that is
 * given, even empty, takes no default; `required` is not enforced; an unknown input is only warned
 * of, and passed on.
 */
export function resolveInputs(
  manifest: ActionManifest,
  given: Readonly<Record<string, string>>,
  contexts: Contexts,
): ResolvedInputs {
  const givenNames = new Map(Object.keys(given).map((name) => [name.toLowerCase(), name]))
  const values: Record<string, string> = { ...given }
  const warnings: string[] = []
  for (const input of manifest.inputs) {
    if (!givenNames.delete(input.name.toLowerCase())) {
      values[input.name] = evaluateDefault(input.default ?? '', contexts)
    } else if (input.deprecationMessage !== undefined) {
      warnings.push(
        `Input '${input.name}' has been deprecated with message: ${input.deprecationMessage}`,
      )
    }
  }
  if (givenNames.size > 0) {
    const unexpected = [...givenNames.values()].map((name) => `'${name}'`).join(', ')
    const valid = manifest.inputs.map(({ name }) => `'${name}'`).join(', ')
    warnings.push(`Unexpected input(s) ${unexpected}, valid inputs are [${valid}]`)
  }
  return { values, warnings }
}

/** The variables by which an action reads its inputs: upper case, spaces as `_`, hyphens kept. */
export function inputVariables(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  )
}
