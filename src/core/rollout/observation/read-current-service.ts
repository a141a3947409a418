import { numberAt, stringAt, type JsonObject } from '../../json.ts'
import type { CurrentService } from './current-service.ts'
import { primaryOf, readServiceView } from './observation.ts'

/** One service of a DescribeServices or UpdateService answer. */
export function readCurrentService(service: JsonObject): CurrentService {
  const primary = primaryOf(readServiceView(service))
  return {
    serviceArn: stringAt(service, 'serviceArn') ?? '',
    serviceName: stringAt(service, 'serviceName') ?? '',
    clusterArn: stringAt(service, 'clusterArn') ?? '',
    taskDefinitionArn: primary?.taskDefinitionArn ?? stringAt(service, 'taskDefinition') ?? '',
    desiredCount: numberAt(service, 'desiredCount') ?? 0,
    runningCount: numberAt(service, 'runningCount') ?? 0,
    primaryDeploymentId: primary?.id,
    raw: service,
  }
}
