import { numberMember, objectMember, objectsMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { isEssential } from '../model/task-definition.ts'
import { clientError } from '../refusals.ts'

const containerName = /^[\w-]{1,255}$/

function checkNames(containers: readonly JsonObject[]): void {
  const seen = new Set<string>()
  for (const container of containers) {
    const name = stringMember(container, 'name') ?? ''
    if (name === '') throw clientError('Container.name should not be null or empty.')
    if (!containerName.test(name)) throw clientError('Container.name contains invalid characters.')
    if (seen.has(name)) {
      throw clientError('Container names must be unique within a Task Definition.')
    }
    seen.add(name)
  }
}

function checkSecrets(container: JsonObject): void {
  const names = (objectsMember(container, 'secrets') ?? []).map(
    (secret) => stringMember(secret, 'name') ?? '',
  )
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw clientError(`Duplicate secret names found: ${twice}. Each secret name must be unique.`)
  }
  const variables = (objectsMember(container, 'environment') ?? []).map((variable) =>
    stringMember(variable, 'name'),
  )
  const shared = names.find((name) => variables.includes(name))
  if (shared === undefined) return
  throw clientError(
    'The secret name must be unique and not shared with any new or existing environment ' +
      `variables set on the container, such as '${shared}'.`,
  )
}

function checkMemory(container: JsonObject, taskMemoryMiB: number | undefined): void {
  const limit = numberMember(container, 'memory')
  if (taskMemoryMiB !== undefined) {
    if (limit === undefined || limit <= taskMemoryMiB) return
    throw clientError("The 'memory' setting for container is greater than for the task.")
  }
  if (limit !== undefined || numberMember(container, 'memoryReservation') !== undefined) return
  throw clientError(
    `Invalid setting for container '${stringMember(container, 'name') ?? ''}'. ` +
      "At least one of 'memory' or 'memoryReservation' must be specified.",
  )
}

function checkHealthCheck(container: JsonObject): void {
  const check = objectMember(container, 'healthCheck')
  if (check === undefined) return
  const command = check['command']
  if (Array.isArray(command) && command.length > 0) return
  throw clientError('healthCheck.command should not be null or empty.')
}

/** Refuses container definitions as RegisterTaskDefinition does, the first fault first. */
export function checkContainers(
  containers: readonly JsonObject[],
  taskMemoryMiB: number | undefined,
): void {
  if (containers.length === 0) throw clientError('Container list cannot be empty.')
  checkNames(containers)
  for (const container of containers) {
    if ((stringMember(container, 'image') ?? '') === '') {
      throw clientError('Container.image should not be null or empty.')
    }
    checkMemory(container, taskMemoryMiB)
    checkSecrets(container)
    checkHealthCheck(container)
  }
  if (!containers.some(isEssential)) {
    throw clientError("Task definition doesn't have any essential container.")
  }
}
