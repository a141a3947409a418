import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isJsonObject } from '../../core/json.ts'

/**
 * Makes one SDK call and gives its failure the form that the stages understand.
 * @throws AwsFailure
 */
export async function callAws<T>(
  service: string,
  operation: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    // An ActionError comes from the credentials: nobody was asked yet, and it says why.
    if (error instanceof AwsFailure || error instanceof ActionError) throw error
    throw toAwsFailure(service, operation, error)
  }
}

function toAwsFailure(service: string, operation: string, error: unknown): AwsFailure {
  const thrown: unknown = error
  if (!(thrown instanceof Error)) {
    return new AwsFailure({ service, operation, code: 'Unknown', message: String(thrown) })
  }
  const metadata: unknown = '$metadata' in thrown ? thrown.$metadata : undefined
  const { httpStatusCode, requestId } = isJsonObject(metadata) ? metadata : {}
  const networkCode = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
  return new AwsFailure(
    {
      service,
      operation,
      // A network error's name is just "Error"; its code (ECONNRESET) tells more.
      code: thrown.name === 'Error' ? (networkCode ?? 'Error') : thrown.name,
      // The SDK writes some over several lines.
      message: thrown.message.replaceAll(/\s+/g, ' '),
      httpStatus: typeof httpStatusCode === 'number' ? httpStatusCode : undefined,
      requestId: typeof requestId === 'string' ? requestId : undefined,
    },
    { cause: error },
  )
}
