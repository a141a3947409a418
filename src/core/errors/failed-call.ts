import { ActionError } from './action-error.ts'
import { AwsFailure } from './aws-failure.ts'

/**
 * Whether a call to AWS came to nothing: AWS failed or refused, or the credentials for it could not
 * be had anew. A read that ends so shows nothing of what was asked for. The end of the run
 * (`cancelled`) is no such failure.
 */
export function isFailedCall(error: unknown): error is AwsFailure | ActionError {
  if (error instanceof AwsFailure) return true
  return error instanceof ActionError && error.code !== 'cancelled'
}
