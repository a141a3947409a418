import type { JsonObject } from '../core/json.ts'

/**
 * The ECS calls of the stages. Input and output are raw wire JSON, both ways: the SDK's own types
 * drop members that they do not know (measured), and a task definition must come through whole.
 * All throw AwsFailure. Reads are retried inside; writes are sent once.
 */
export interface Ecs {
  describeClusters(input: JsonObject): Promise<JsonObject>
  listClusters(input: JsonObject): Promise<JsonObject>
  describeServices(input: JsonObject): Promise<JsonObject>
  describeTaskDefinition(input: JsonObject): Promise<JsonObject>
  listTaskDefinitions(input: JsonObject): Promise<JsonObject>
  registerTaskDefinition(input: JsonObject): Promise<JsonObject>
  deregisterTaskDefinition(input: JsonObject): Promise<JsonObject>
  updateService(input: JsonObject): Promise<JsonObject>
  stopServiceDeployment(input: JsonObject): Promise<JsonObject>
  continueServiceDeployment(input: JsonObject): Promise<JsonObject>
  listServiceDeployments(input: JsonObject): Promise<JsonObject>
  describeServiceDeployments(input: JsonObject): Promise<JsonObject>
  describeServiceRevisions(input: JsonObject): Promise<JsonObject>
  /** Idempotent by its `clientToken`: the same input with the same token starts one task. */
  runTask(input: JsonObject): Promise<JsonObject>
  listTasks(input: JsonObject): Promise<JsonObject>
  describeTasks(input: JsonObject): Promise<JsonObject>
}
