import { ActionError } from '../errors/action-error.ts'
import { parseEcrHost } from '../image/repository/repository.ts'
import { objectAt, objectsAt, stringAt, stringsAt, type JsonObject } from '../json.ts'
import { findFargateMismatch } from './fargate-size.ts'
import { normaliseTaskDefinition } from './normalise.ts'

/** What is wrong, and what to write instead. */
type Refusal = readonly [what: string, remedy: string]

/** Log drivers that ECS has on instances only (LogConfiguration, ECS API reference). */
const instanceLogDrivers = new Set(['fluentd', 'gelf', 'journald', 'json-file', 'syslog'])

/**
 * What is known before anything is written that ECS refuses of a definition. Only what is sure:
 * what we do not know is for ECS to judge.
 * @param launchType The service's, where it has one.
 * @param origin For messages: `file task-definition.json`.
 */
export function findRefusals(
  definition: JsonObject,
  launchType: string | undefined,
  origin: string,
): readonly ActionError[] {
  const declared = stringsAt(definition, 'requiresCompatibilities').includes('FARGATE')
  const refusals = [
    ...ofExecutionRole(definition, declared),
    ...ofLogs(definition, declared),
    ...(declared ? ofFargate(definition) : []),
    ...(declared || launchType === 'FARGATE' ? ofSize(definition) : []),
  ]
  return refusals.map(
    ([what, remedy]) =>
      new ActionError('task-definition-refused', `${origin} cannot be registered: ${what}`, remedy),
  )
}

function ofFargate(definition: JsonObject): readonly Refusal[] {
  const networkMode = stringAt(definition, 'networkMode')
  const missing = ['cpu', 'memory'].filter((member) => stringAt(definition, member) === undefined)
  const refusals: Refusal[] = missing.map((member) => [
    `Fargate needs ${member} at the task level`,
    `Set \`${member}\`.`,
  ])
  if (networkMode !== 'awsvpc') {
    refusals.push([
      `Fargate has no network mode ${JSON.stringify(networkMode ?? 'bridge')}`,
      'Set networkMode to "awsvpc".',
    ])
  }
  return refusals
}

function ofSize(definition: JsonObject): readonly Refusal[] {
  const normal = normaliseTaskDefinition(definition)
  const [cpu, memory] = [stringAt(normal, 'cpu'), stringAt(normal, 'memory')]
  if (cpu === undefined || memory === undefined) return []
  const mismatch = findFargateMismatch(cpu, memory)
  return mismatch === undefined ? [] : [[mismatch, 'Set `cpu` and `memory` to a pair that it has.']]
}

/** What containers do through the execution role, before they run. */
function ofExecutionRole(definition: JsonObject, fargate: boolean): readonly Refusal[] {
  if ((stringAt(definition, 'executionRoleArn') ?? '') !== '') return []
  const containers = objectsAt(definition, 'containerDefinitions')
  const needs: readonly (readonly [what: string, needy: readonly JsonObject[]])[] = [
    ['read the secrets', containers.filter((each) => objectsAt(each, 'secrets').length > 0)],
    ['pull the ECR image', fargate ? containers.filter(isOfEcr) : []],
    ['write the awslogs log', fargate ? containers.filter(isAwslogs) : []],
  ]
  return needs
    .filter(([, needy]) => needy.length > 0)
    .map(([what, needy]) => [
      `to ${what} of ${needy.map(nameOf).join(', ')} an execution role is needed, and there is none`,
      'Set `execution-role-arn` to a role that may.',
    ])
}

function isOfEcr(container: JsonObject): boolean {
  const host = (stringAt(container, 'image') ?? '').split('/', 1).join('')
  return parseEcrHost(host) !== undefined
}

function isAwslogs(container: JsonObject): boolean {
  return stringAt(objectAt(container, 'logConfiguration'), 'logDriver') === 'awslogs'
}

function nameOf(container: JsonObject): string {
  return JSON.stringify(stringAt(container, 'name') ?? '')
}

function ofLogs(definition: JsonObject, fargate: boolean): readonly Refusal[] {
  return objectsAt(definition, 'containerDefinitions').flatMap((container): readonly Refusal[] => {
    if (container['logConfiguration'] === undefined) return []
    const name = nameOf(container)
    const driver = stringAt(objectAt(container, 'logConfiguration'), 'logDriver')
    if (driver === undefined) {
      const remedy = 'Set `log-configuration-log-driver`.'
      return [[`the log configuration of ${name} has options and no driver`, remedy]]
    }
    if (!fargate || !instanceLogDrivers.has(driver)) return []
    const remedy = 'Use awslogs, awsfirelens or splunk.'
    return [[`Fargate has no log driver ${driver}, which ${name} asks for`, remedy]]
  })
}
