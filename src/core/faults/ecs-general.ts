import type { AwsFailure } from '../errors/aws-failure.ts'
import { partitionOf } from '../identity/partition.ts'
import { deniedAction, deniedStatement } from './denied-statement.ts'
import { oneLine, type EcsFault, type EcsPlace } from './ecs-fault.ts'

/** What any ECS call may be answered. */
export const generalFaults: readonly EcsFault[] = [
  {
    matches: (failure) => failure.denied,
    code: 'access-denied',
    message: (failure, where) =>
      `not allowed: ${deniedAction(failure)} for ${where}: ${oneLine(failure)}`,
    remedy: deniedRemedy,
  },
  {
    matches: (failure) => /^ExpiredToken/.test(failure.code),
    code: 'credentials-expired',
    message: (failure) => `the AWS credentials have expired: ${oneLine(failure)}`,
    remedy: () => 'Run the job again; raise `role-duration-seconds` if the run takes longer.',
  },
  {
    matches: (failure) => failure.credentialsGone,
    code: 'credentials-invalid',
    message: (failure) => `ECS does not accept the credentials: ${oneLine(failure)}`,
    remedy: () => 'Check the access key: it may be deleted, rotated, or of another partition.',
  },
  {
    matches: ({ code }) => code === 'BlockedException',
    code: 'aws-refused',
    message: () => 'AWS has blocked the account',
    remedy: () => 'Ask AWS Support; nothing can be deployed until then.',
  },
  {
    matches: (failure) => failure.throttled,
    code: 'throttled',
    message: (failure, where) => `ECS throttles ecs:${failure.operation} for ${where}`,
    remedy: () => 'Run the job again, or fewer jobs at a time in this account and region.',
  },
  {
    matches: (failure) => failure.ambiguous,
    code: 'aws-unavailable',
    message: (failure, where) =>
      `no good answer from ECS to ${failure.operation} for ${where}: ${failure.code}: ${oneLine(failure)}`,
    remedy: () => 'Run the job again; check the network of the runner if it stays.',
  },
]

function deniedRemedy(failure: AwsFailure, place: EcsPlace): string {
  const { action, resource } = deniedStatement(failure, resourceOf(failure, place))
  const condition =
    action === 'iam:PassRole'
      ? ',"Condition":{"StringEquals":{"iam:PassedToService":"ecs-tasks.amazonaws.com"}}'
      : ''
  return `Add to the policy of the caller: {"Effect":"Allow","Action":"${action}","Resource":"${resource}"${condition}}.`
}

function resourceOf(failure: AwsFailure, { region, cluster = '*', service }: EcsPlace): string {
  if (deniedAction(failure) === 'iam:PassRole') return '<role ARN>'
  if (service === undefined) return '*'
  return `arn:${partitionOf(region)}:ecs:${region}:*:service/${cluster}/${service}`
}
