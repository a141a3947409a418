import {
  numberMember,
  objectMember,
  objectsMember,
  stringMember,
  stringsMember,
} from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { flagMember } from '../flag-member.ts'

import type { TaskSpec } from './task-driver.ts'

/** Labels that every container of a simulated task carries. */
export const taskLabel = 'steadyship.simulator.task'
export const containerLabel = 'steadyship.simulator.container'

export interface DockerRun {
  readonly argv: string[]
  /** Values of the container's variables, for the environment of `docker` itself. */
  readonly environment: Record<string, string>
}

const shellQuote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** ECS runs the definition's health check and ignores the image's own. */
function healthArguments(container: JsonObject): string[] {
  const check = objectMember(container, 'healthCheck')
  const [form, ...words] = check === undefined ? [] : (stringsMember(check, 'command') ?? [])
  if (check === undefined || form === undefined || form === 'NONE') return ['--no-healthcheck']
  const command = form === 'CMD-SHELL' ? words.join(' ') : words.map(shellQuote).join(' ')
  const seconds = (member: string, otherwise: number): string =>
    `${numberMember(check, member) ?? otherwise}s`
  return [
    `--health-cmd=${command}`,
    `--health-interval=${seconds('interval', 30)}`,
    `--health-timeout=${seconds('timeout', 5)}`,
    `--health-retries=${numberMember(check, 'retries') ?? 3}`,
    `--health-start-period=${seconds('startPeriod', 0)}`,
  ]
}

/** Variables that steer `docker` itself: their value must go by argument. */
const steersDocker = /^(PATH|HOME|DOCKER_.*|.*_proxy|.*_PROXY|NO_PROXY|SSL_CERT_.*|LD_.*)$/

function variables(container: JsonObject, override: JsonObject): Map<string, string> {
  const all = [
    ...(objectsMember(container, 'environment') ?? []),
    ...(objectsMember(override, 'environment') ?? []),
  ]
  return new Map(
    all.map((one) => [stringMember(one, 'name') ?? '', stringMember(one, 'value') ?? '']),
  )
}

function optionArguments(container: JsonObject): string[] {
  const memory = numberMember(container, 'memory')
  const user = stringMember(container, 'user')
  const directory = stringMember(container, 'workingDirectory')
  return [
    ...(memory === undefined ? [] : [`--memory=${memory}m`]),
    ...(user === undefined ? [] : [`--user=${user}`]),
    ...(directory === undefined ? [] : [`--workdir=${directory}`]),
    ...(flagMember(container, 'readonlyRootFilesystem') === true ? ['--read-only'] : []),
  ]
}

/** The name of a container of a task: unique, and telling in `docker ps`. */
export function containerNameOf(spec: TaskSpec, name: string): string {
  return `ecs-${spec.family}-${name}-${spec.taskId}`
}

/**
 * The `docker run` that starts one container of a task. The values of its variables travel in
 * the environment, where no process list shows them.
 */
export function dockerRun(spec: TaskSpec, container: JsonObject, network: string): DockerRun {
  const name = stringMember(container, 'name') ?? ''
  const overrides = objectsMember(spec.overrides, 'containerOverrides') ?? []
  const override = overrides.find((one) => stringMember(one, 'name') === name) ?? {}
  const [entry, ...entryRest] = stringsMember(container, 'entryPoint') ?? []
  const command = stringsMember(override, 'command') ?? stringsMember(container, 'command') ?? []
  const environment: Record<string, string> = {}
  const envArguments: string[] = []
  for (const [variable, value] of variables(container, override)) {
    const byArgument = steersDocker.test(variable)
    if (!byArgument) environment[variable] = value
    envArguments.push(`--env=${byArgument ? `${variable}=${value}` : variable}`)
  }
  const argv = [
    ...['run', '--detach', '--pull=never', `--platform=${spec.platform}`],
    `--name=${containerNameOf(spec, name)}`,
    ...[`--network=${network}`, `--label=${taskLabel}=${spec.taskArn}`],
    `--label=${containerLabel}=${name}`,
    ...envArguments,
    ...optionArguments(container),
    ...healthArguments(container),
    ...(entry === undefined ? [] : [`--entrypoint=${entry}`]),
    ...['--', spec.images.get(name) ?? stringMember(container, 'image') ?? ''],
    ...entryRest,
    ...command,
  ]
  return { argv, environment }
}
