import type { RepositoryReference } from '../image/repository.ts'
import type { DeployInputs, Mode, ServiceReference } from './inputs.ts'
import type { InputReader } from './reader.ts'
import { readTaskDefinitionInputs } from './task-definition.ts'

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

/** What to deploy and where. @param repository As the `repository` input names it. */
export function readDeploy(
  reader: InputReader,
  mode: Mode,
  repository: RepositoryReference | undefined,
): DeployInputs {
  const services = readServices(reader)
  if (mode === 'deploy' && services.length === 0 && reader.text('service') === undefined) {
    reader.reject('service', 'is missing; `mode: deploy` needs the service to deploy to')
  }
  return {
    services,
    image: readImage(reader, mode, repository),
    repository,
    taskDefinition: readTaskDefinitionInputs(reader),
    containerNames: reader.list('container-name'),
    forceNewDeployment: reader.boolean('force-new-deployment'),
    waitForStability: reader.boolean('wait-for-service-stability'),
    waitMinutes: reader.integer('wait-for-minutes', { min: 1, max: 360 }),
    maxTaskFailures: reader.integer('max-task-failures', { min: 0, max: 1000 }) ?? 3,
    logLines: reader.integer('log-lines', { min: 0, max: 200 }),
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
export function parseService(line: string, cluster: string): ServiceReference | undefined {
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
  if (mode !== 'deploy') return undefined
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
