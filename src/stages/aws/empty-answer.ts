import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { objectAt, objectsAt, type JsonObject } from '../../core/json.ts'

/**
 * The objects of a list that an answer of ECS always holds, be it empty.
 * @throws AwsFailure where it holds none: then nothing is known of what was asked for.
 */
export function listOf(
  answer: JsonObject,
  member: string,
  operation: string,
): readonly JsonObject[] {
  if (Array.isArray(answer[member])) return objectsAt(answer, member)
  throw emptyAnswer(operation, `the answer holds no ${member}`)
}

/**
 * The object that an answer of ECS always holds.
 * @throws AwsFailure where it holds none.
 */
export function objectOf(answer: JsonObject, member: string, operation: string): JsonObject {
  const found = objectAt(answer, member)
  if (Object.keys(found).length > 0) return found
  throw emptyAnswer(operation, `the answer holds no ${member}`)
}

/** A success that says nothing: whether ECS did what was asked, only a look can tell. */
export function emptyAnswer(operation: string, message: string): AwsFailure {
  const code = 'EmptyAnswer'
  return new AwsFailure({ service: 'ECS', operation, code, message, httpStatus: 200 })
}
