import { ActionError } from './action-error.ts'

/**
 * Several findings of one look as one error, so that the user learns all of them in one run.
 * @param errors At least one; the first gives the code.
 */
export function combineErrors(errors: readonly [ActionError, ...ActionError[]]): ActionError {
  const [first, ...more] = errors
  if (more.length === 0) return first
  return new ActionError(
    first.code,
    `${errors.length} things are wrong: ${errors.map((error) => error.message).join('; ')}`,
    [...new Set(errors.map((error) => error.remedy))].join(' '),
    { cause: new AggregateError(errors) },
  )
}
