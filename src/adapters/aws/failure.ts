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

/** So often a read is sent whose answers make no sense. */
const readings = 3

/**
 * Like {@link callAws}, for what may be asked again: a success whose body cannot be read (cut off by
 * a proxy, or something else than AWS's) is asked for anew, twice at most. The SDK takes it for an
 * error of its own and does not (measured).
 * @throws AwsFailure
 */
export async function readAws<T>(
  service: string,
  operation: string,
  call: () => Promise<T>,
): Promise<T> {
  for (let reading = 1; ; reading += 1) {
    try {
      return await callAws(service, operation, call)
    } catch (error) {
      const again = error instanceof AwsFailure && isUnreadable(error) && reading < readings
      if (!again) throw error
    }
  }
}

/** A success that is a failure all the same; JSON's own failures do not always tell the status. */
function isUnreadable({ code, httpStatus, cause }: AwsFailure): boolean {
  const succeeded = httpStatus !== undefined && httpStatus >= 200 && httpStatus < 300
  return (succeeded || code === 'SyntaxError') && attemptsOf(cause) <= 1
}

/** How often the SDK sent it: what it took for the network's fault, it has repeated itself. */
function attemptsOf(error: unknown): number {
  const metadata: unknown =
    error instanceof Error && '$metadata' in error ? error.$metadata : undefined
  const attempts = isJsonObject(metadata) ? metadata['attempts'] : undefined
  return typeof attempts === 'number' ? attempts : 1
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
