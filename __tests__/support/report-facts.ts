import { ActionError } from '../../src/core/errors/action-error.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import { contentDigest } from '../../src/core/image/content/verify.ts'
import type { RunEnd } from '../../src/core/report/run-end.ts'
import type { Evidence, ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'

export const host = '123456789012.dkr.ecr.us-east-1.amazonaws.com'
const arn = 'arn:aws:ecs:us-east-1:123456789012'

/** An image of two platforms, and whatever a test says is different. */
export function reportedImage(members: Partial<PushedImage> = {}): PushedImage {
  return {
    repository: { registry: { host, accountId: '123456789012', region: 'us-east-1' }, name: 'web' },
    digest: contentDigest('index'),
    platforms: [
      { platform: 'linux/amd64', digest: contentDigest('amd64'), sizeBytes: 12_345_678 },
      { platform: 'linux/arm64', digest: contentDigest('arm64'), sizeBytes: 11_000_000 },
    ],
    tags: ['sha-1', '1.2.3'],
    version: '1.2.3',
    commit: undefined,
    reused: false,
    ...members,
  }
}

/** A service that deployed well, and whatever a test says is different. */
export function serviceOutcome(
  members: Partial<ServiceOutcome> = {},
  evidence: Partial<Evidence> = {},
): ServiceOutcome {
  const { service = 'web' } = members
  return {
    cluster: 'prod',
    service,
    serviceArn: `${arn}:service/prod/${service}`,
    outcome: 'deployed',
    changed: true,
    verified: true,
    taskDefinitionArn: `${arn}:task-definition/${service}:2`,
    previousTaskDefinitionArn: `${arn}:task-definition/${service}:1`,
    deploymentId: 'ecs-svc/1',
    deploymentArn: `${arn}:service-deployment/prod/${service}/1`,
    error: undefined,
    ...members,
    evidence: { reasons: [], stoppedTasks: [], events: [], runningImages: [], ...evidence },
  }
}

export const goodEnd: RunEnd = {
  outcome: 'deployed',
  changed: true,
  verified: true,
  error: undefined,
}

/** A rollout that failed, told with `message`. */
export function failedEnd(message: string, remedy = 'Correct the release.'): RunEnd {
  const error = new ActionError('rollout-failed', message, remedy)
  return { outcome: 'failed', changed: true, verified: false, error }
}
