import type { JsonObject } from '../../json.ts'

/** A service as DescribeServices told it, in the words of this action. */
export interface CurrentService {
  readonly serviceArn: string
  readonly serviceName: string
  readonly clusterArn: string
  readonly taskDefinitionArn: string
  readonly desiredCount: number
  readonly runningCount: number
  /** `ecs-svc/…` of the PRIMARY deployment; undefined where the service has none. */
  readonly primaryDeploymentId: string | undefined
  /** The whole answer, for what only one stage needs. */
  readonly raw: JsonObject
}
