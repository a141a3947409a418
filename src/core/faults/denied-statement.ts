import type { AwsFailure } from '../errors/aws-failure.ts'

/** What a policy has to allow. */
export interface DeniedStatement {
  readonly action: string
  readonly resource: string
}

/** Prefixes of IAM actions that are not the service's name in small letters. */
const prefixes: Readonly<Record<string, string>> = {
  'ECR Public': 'ecr-public',
  'CloudWatch Logs': 'logs',
  'Elastic Load Balancing': 'elasticloadbalancing',
}

/**
 * The statement that a refused call is in want of, as AWS's denial names it.
 * @param resource Where AWS names none.
 */
export function deniedStatement(failure: AwsFailure, resource: string): DeniedStatement {
  const [, named] = / on resource: (\S+)/.exec(failure.message) ?? []
  return { action: deniedAction(failure), resource: named ?? resource }
}

/** `ecs:UpdateService`, as AWS's denial names it; else made of the call. */
export function deniedAction(failure: AwsFailure): string {
  const [, named] = /not authorized to perform: ([\w-]+:\w+)/.exec(failure.message) ?? []
  return named ?? actionOf(failure)
}

/** The IAM action of a call. */
export function actionOf({ service, operation }: AwsFailure): string {
  return `${prefixes[service] ?? service.toLowerCase()}:${operation}`
}
