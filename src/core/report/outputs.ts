import { imageUri, type PushedImage } from '../image/image.ts'
import type { ServiceOutcome } from '../rollout/evidence/service-outcome.ts'
import { timingsOf } from '../rollout/evidence/time-advice.ts'
import { serviceConsoleUrl, taskConsoleUrl } from './console-url.ts'
import { platformsOutput } from './image-summary.ts'
import type { RunEnd } from './run-end.ts'
import type { RunFacts, Timings } from './run-facts.ts'

/** Names of the outputs that action.yml declares; a test holds the two together. */
export const outputNames = [
  'outcome',
  'changed',
  'verified',
  'image',
  'registry',
  'digest',
  'digest-linux-amd64',
  'digest-linux-arm64',
  'tags',
  'version',
  'platforms',
  'images',
  'metadata',
  'task-definition-arn',
  'task-definition',
  'previous-task-definition-arn',
  'service-arn',
  'deployment-id',
  'deployment-arn',
  'stage',
  'hook-id',
  'services',
  'run-task-arn',
  'run-task-exit-code',
  'console-url',
  'plan',
  'timings',
  'error-code',
  'failure-reason',
] as const
export type OutputName = (typeof outputNames)[number]

/**
 * The step's outputs, as far as they are known. `digest`, `tags` and `version` never hold the
 * registry's host, so that they pass between jobs where the account id is masked.
 */
export function renderOutputs(
  end: RunEnd,
  facts: RunFacts,
  timings: Timings,
): ReadonlyMap<OutputName, string> {
  const outputs: Partial<Record<OutputName, string | undefined>> = {
    outcome: end.outcome,
    changed: String(end.changed),
    verified: String(end.verified),
    ...imageOutputs(facts),
    images: facts.images && imagesOutput(facts.images),
    ...serviceOutputs(facts),
    metadata: facts.metadata,
    plan: facts.plan && JSON.stringify(facts.plan),
    'run-task-arn': facts.task?.arn,
    'run-task-exit-code': facts.task?.exitCode?.toString(),
    timings: JSON.stringify({ ...timings, ...rolloutTimings(facts) }),
    'error-code': end.error?.code,
    'failure-reason': end.error?.message,
  }
  return new Map(
    outputNames.flatMap((name) => {
      const value = outputs[name]
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

/** With several images the scalars are empty: `images` tells. */
function imageOutputs(facts: RunFacts): Partial<Record<OutputName, string | undefined>> {
  const { image, pushed } = facts
  if (image !== undefined) {
    return {
      ...namesOf(image),
      tags: JSON.stringify(image.tags),
      platforms: platformsOutput(image, facts.reviews),
    }
  }
  if (pushed !== undefined) return { ...placeOf(pushed), tags: JSON.stringify(pushed.tags) }
  return { digest: facts.digest, version: facts.version }
}

/** What says which image it is. */
function namesOf(image: PushedImage) {
  return {
    ...placeOf(image),
    'digest-linux-amd64': digestOf(image, 'linux/amd64'),
    'digest-linux-arm64': digestOf(image, 'linux/arm64'),
  }
}

function placeOf(image: Pick<PushedImage, 'repository' | 'digest' | 'version'>) {
  const { repository, digest, version } = image
  return { image: imageUri(image), registry: repository.registry.host, digest, version }
}

function imagesOutput(images: ReadonlyMap<string, PushedImage>): string {
  return JSON.stringify(
    Object.fromEntries([...images].map(([target, { digest }]) => [target, digest])),
  )
}

function digestOf(image: PushedImage, platform: string): string | undefined {
  return image.platforms.find((candidate) => candidate.platform === platform)?.digest
}

/** With several services the scalars are empty: `services` tells. */
function serviceOutputs(facts: RunFacts): Partial<Record<OutputName, string | undefined>> {
  const services = facts.services ?? []
  if (services.length > 1)
    return { services: JSON.stringify(services.map((service) => serviceEntry(service, facts))) }
  const serviceArn = services[0]?.serviceArn ?? facts.serviceArn
  return {
    'task-definition-arn': services[0]?.taskDefinitionArn ?? facts.taskDefinitionArn,
    'task-definition': facts.renderedTaskDefinition,
    'previous-task-definition-arn':
      services[0]?.previousTaskDefinitionArn ?? facts.previousTaskDefinitionArn,
    'service-arn': serviceArn,
    'deployment-id': services[0]?.deploymentId ?? facts.deploymentId,
    'deployment-arn': services[0]?.deploymentArn ?? facts.deploymentArn,
    stage: (services[0] ?? facts).stage,
    'hook-id': (services[0] ?? facts).hookId,
    services:
      services.length === 0
        ? undefined
        : JSON.stringify(services.map((service) => serviceEntry(service, facts))),
    'console-url': serviceArn === undefined ? taskUrl(facts) : serviceConsoleUrl(serviceArn),
  }
}

/** With several services each entry of `services` has its own. */
function rolloutTimings({ services = [] }: RunFacts): Readonly<Record<string, number>> {
  const [time] = services.map(({ evidence }) => evidence.time)
  return services.length === 1 && time !== undefined ? timingsOf(time) : {}
}

function taskUrl({ task }: RunFacts): string | undefined {
  return task === undefined ? undefined : taskConsoleUrl(task.arn)
}

function serviceEntry(
  service: ServiceOutcome,
  { image }: RunFacts,
): Readonly<Record<string, unknown>> {
  return {
    cluster: service.cluster,
    service: service.service,
    outcome: service.outcome,
    changed: service.changed,
    verified: service.verified,
    ...(image !== undefined && { ...namesOf(image), tags: image.tags }),
    'service-arn': service.serviceArn,
    'task-definition-arn': service.taskDefinitionArn,
    'task-definition': service.renderedTaskDefinition,
    'previous-task-definition-arn': service.previousTaskDefinitionArn,
    'deployment-id': service.deploymentId,
    'deployment-arn': service.deploymentArn,
    stage: service.stage,
    'hook-id': service.hookId,
    'console-url': serviceConsoleUrl(service.serviceArn),
    timings: service.evidence.time && timingsOf(service.evidence.time),
    'error-code': service.error?.code,
    'failure-reason': service.error?.message,
  }
}
