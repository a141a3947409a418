import { AwsFailure } from '../../core/errors/aws-failure.ts'

/** Makes nothing of the failure with this code; others go on. */
export function undefinedFor(code: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof AwsFailure && error.code === code) return undefined
    throw error
  }
}

/** An answer without what it is asked for. */
export function emptyAnswer(service: string, operation: string, message: string): AwsFailure {
  return new AwsFailure({ service, operation, code: 'EmptyAnswer', message, httpStatus: 200 })
}
