import type { JsonObject } from '../core/json.ts'

/** After so long a read is given up, and its retries with it. */
export interface ReadLimit {
  readonly withinMs: number
}

/** @param limit Undefined: it is given up once all retries have failed, after minutes it may be. */
export type Read = (input: JsonObject, limit?: ReadLimit) => Promise<JsonObject>

/**
 * The ECS calls of the stages. Input and output are raw wire JSON, both ways: the SDK's own types
 * drop members that they do not know (measured), and a task definition must come through whole.
 * All throw AwsFailure. Reads are retried inside; writes are sent once.
 */
export interface Ecs {
  listClusters: Read
  describeServices: Read
  describeTaskDefinition: Read
  listTaskDefinitions: Read
  registerTaskDefinition(input: JsonObject): Promise<JsonObject>
  deregisterTaskDefinition(input: JsonObject): Promise<JsonObject>
  updateService(input: JsonObject): Promise<JsonObject>
  stopServiceDeployment(input: JsonObject): Promise<JsonObject>
  continueServiceDeployment(input: JsonObject): Promise<JsonObject>
  listServiceDeployments: Read
  describeServiceDeployments: Read
  describeServiceRevisions: Read
  /** Idempotent by its `clientToken`: the same input with the same token starts one task. */
  runTask(input: JsonObject): Promise<JsonObject>
  listTasks: Read
  describeTasks: Read
}
