import type { RepositoryReference } from '../../image/repository/repository.ts'
import type { DeployInputs, ServiceReference } from '../inputs.ts'
import type { Mode } from '../mode.ts'
import { readPolicies } from './policies.ts'
import type { InputReader } from '../reader.ts'
import { deployOrders, readServiceSettings } from './service-settings.ts'
import { readTaskDefinitionInputs } from './task-definition.ts'
import { readWaiting, serviceOfDeployment } from './waiting.ts'

const name = '[a-zA-Z0-9_-]{1,255}'
const clusterPattern = new RegExp(
  `^(${name}|arn:aws[a-z-]*:ecs:[a-z0-9-]+:\\d{12}:cluster/${name})$`,
)
const servicePattern = new RegExp(`^(?:(${name})/)?(${name})$`)
const serviceArnPattern = new RegExp(
  `^arn:aws[a-z-]*:ecs:([a-z0-9-]+):\\d{12}:service/(?:(${name})/)?(${name})$`,
)

const digestPattern = /^sha256:[0-9a-f]{64}$/
const referencePattern = /^[^\s/@:]+(?::\d+)?\/[^\s@]+(@sha256:[0-9a-f]{64})?$/
const tagPattern = /^[\w][\w.-]{0,127}$/

/** What to deploy and where. @param repository As the first line of `repository` names it; `copies`: the others. */
export function readDeploy(
  reader: InputReader,
  mode: Mode,
  repository: RepositoryReference | undefined,
  copies: readonly RepositoryReference[] = [],
): DeployInputs {
  const named = readServices(reader)
  const paused =
    mode === 'continue' ? serviceOfDeployment(reader.text('deployment-arn') ?? '') : undefined
  const services = named.length === 0 && paused !== undefined ? [paused] : named
  const needed = mode === 'deploy' || mode === 'rollback'
  if (needed && services.length === 0 && reader.text('service') === undefined) {
    reader.reject('service', `is missing; \`mode: ${mode}\` needs the service to deploy to`)
  }
  return {
    services,
    image: readImage(reader, mode, repository),
    repository,
    copies,
    taskDefinition: readTaskDefinitionInputs(reader, mode),
    containerNames: reader.list('container-name'),
    forceNewDeployment: reader.boolean('force-new-deployment'),
    settings: readServiceSettings(reader),
    deployOrder: reader.choice('deploy-order', deployOrders),
    keepTaskDefinitions: reader.integer('keep-task-definitions', { min: 5, max: 100_000 }),
    waitForStability: reader.boolean('wait-for-service-stability'),
    waitMinutes: reader.integer('wait-for-minutes', { min: 1, max: 360 }),
    waiting: readWaiting(reader),
    maxTaskFailures: reader.integer('max-task-failures', { min: 0, max: 1000 }) ?? 3,
    logLines: reader.integer('log-lines', { min: 0, max: 200 }),
    policies: readPolicies(reader),
  }
}

function readServices(reader: InputReader): readonly ServiceReference[] {
  const cluster =
    reader.parsed('cluster', 'is neither a cluster name nor a cluster ARN', (text) =>
      clusterPattern.test(text) ? text : undefined,
    ) ?? 'default'
  const services = reader.list('service').flatMap((line) => {
    const service = parseService(line, cluster)
    if (service === undefined) {
      reader.reject('service', 'is neither service, cluster/service nor a service ARN', line)
    }
    return service ?? []
  })
  for (const [index, service] of services.entries()) {
    const twin = services.findIndex(
      (other) => other.cluster === service.cluster && other.service === service.service,
    )
    if (twin < index) {
      reader.reject('service', 'is named twice', `${service.cluster}/${service.service}`)
    }
  }
  return services
}

/** Reads a line of `service`. A line's own cluster wins over `cluster`. */
function parseService(line: string, cluster: string): ServiceReference | undefined {
  const [, region, arnCluster, arnService] = serviceArnPattern.exec(line) ?? []
  if (arnService !== undefined) {
    return { cluster: arnCluster ?? cluster, service: arnService, region }
  }
  const [, ownCluster, service] = servicePattern.exec(line) ?? []
  if (service === undefined) return undefined
  return { cluster: ownCluster ?? cluster, service, region: undefined }
}

function readImage(
  reader: InputReader,
  mode: Mode,
  repository: RepositoryReference | undefined,
): string | undefined {
  if (!['deploy', 'continue', 'run'].includes(mode)) return undefined
  const allowed =
    'is no image: write a digest (sha256:…), a reference (host/repository:tag or @sha256:…), a tag, a commit or a version'
  const image = reader.parsed('image', allowed, (text) => {
    const patterns = [digestPattern, referencePattern, tagPattern]
    return patterns.some((pattern) => pattern.test(text)) ? text : undefined
  })
  if (image !== undefined && !image.includes('/') && repository === undefined) {
    reader.reject('repository', `is missing; the image "${image}" is looked up in it`)
  }
  return image
}
