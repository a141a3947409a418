import { numberAt, stringAt, type JsonObject } from '../../json.ts'

/** What a service revision has of the service (ECS API reference, ServiceRevisionSummary). */
export interface RevisionShare {
  readonly arn: string
  readonly runningCount: number
  /** Percent; undefined for rolling deployments. */
  readonly testTraffic: number | undefined
  readonly productionTraffic: number | undefined
}

export function readRevisionShare(summary: JsonObject): RevisionShare {
  return {
    arn: stringAt(summary, 'arn') ?? '',
    runningCount: numberAt(summary, 'runningTaskCount') ?? 0,
    testTraffic: numberAt(summary, 'requestedTestTrafficWeight'),
    productionTraffic: numberAt(summary, 'requestedProductionTrafficWeight'),
  }
}
