import { stringMember, objectMember, objectsMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'

/** One registered revision. `json` is what DescribeTaskDefinition answers: nothing is lost. */
export interface TaskDefinition {
  readonly arn: string
  readonly family: string
  readonly revision: number
  readonly tags: JsonObject[]
  readonly json: JsonObject
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS'
}

/** The container definitions, as the wire carries them. */
export function containerDefinitions(json: JsonObject): readonly JsonObject[] {
  return objectsMember(json, 'containerDefinitions') ?? []
}

/** An omitted `essential` means true. */
export function isEssential(container: JsonObject): boolean {
  return container['essential'] !== false
}

/** The platform that a task of this definition needs; X86_64 unless it says ARM64. */
export function platformOf(json: JsonObject): 'linux/amd64' | 'linux/arm64' {
  const architecture = stringMember(objectMember(json, 'runtimePlatform') ?? {}, 'cpuArchitecture')
  return architecture === 'ARM64' ? 'linux/arm64' : 'linux/amd64'
}
