import { InputErrors } from '../../src/core/errors/action-error.ts'

/** What `read` finds wrong; undefined where it finds nothing. */
function refusal(read: () => unknown): InputErrors | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof InputErrors) return error
    throw error
  }
}

/** What `read` finds wrong, a line for each: `input: message`; none where it finds nothing. */
export function inputProblems(read: () => unknown): readonly string[] {
  return (refusal(read)?.problems ?? []).map(({ input, message }) => `${input}: ${message}`)
}

/** What `read` finds wrong as the user is told it; empty where it finds nothing. */
export function inputRefusal(read: () => unknown): string {
  return refusal(read)?.message ?? ''
}
