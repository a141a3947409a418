import { ServiceError } from '../wire/service.ts'

/** The request breaks a rule of the API. */
export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message)
}

/** The request names something that it must not name, as ECS words most refusals. */
export function clientError(message: string): ServiceError {
  return new ServiceError('ClientException', message)
}

export function clusterNotFound(): ServiceError {
  return new ServiceError('ClusterNotFoundException', 'Cluster not found.')
}

export function serviceNotFound(): ServiceError {
  return new ServiceError('ServiceNotFoundException', 'Service not found.')
}

export function serviceNotActive(): ServiceError {
  return new ServiceError('ServiceNotActiveException', 'Service was not ACTIVE.')
}

export function serviceDeploymentNotFound(): ServiceError {
  return new ServiceError('ServiceDeploymentNotFoundException', 'Service deployment not found.')
}

/** Real ECS can do this and the simulator cannot: said aloud rather than ignored. */
export function notModelled(feature: string): ServiceError {
  return new ServiceError(
    'UnsupportedFeatureException',
    `The simulator does not model ${feature}. Seed the service as a static record to see it described.`,
  )
}
