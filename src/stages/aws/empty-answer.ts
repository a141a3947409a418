import { AwsFailure } from '../../core/errors/aws-failure.ts'

/** A success that says nothing: whether ECS did what was asked, only a look can tell. */
export function emptyAnswer(operation: string, message: string): AwsFailure {
  const code = 'EmptyAnswer'
  return new AwsFailure({ service: 'ECS', operation, code, message, httpStatus: 200 })
}
