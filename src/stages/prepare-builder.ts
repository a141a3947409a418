import {
  builderName,
  createBuilderArguments,
  parseBuilder,
  type BuilderDescription,
  type OwnBuilder,
} from '../core/buildx/builder.ts'
import { ActionError } from '../core/errors/action-error.ts'
import type { Platform } from '../core/image/platform.ts'
import type { ImagePlan } from '../core/plan/image-plan.ts'
import type { DockerConfiguration } from '../ports/docker-credentials.ts'
import type { Ports } from '../ports/ports.ts'
import type { ProcessResult } from '../ports/processes.ts'

/**
 * Brings up the builder of a plan, an existing one or ours, and checks that it can do the build.
 * @returns its name.
 * @throws ActionError `builder-unavailable`, `builder-unsuitable`, `platform-unsupported`,
 * `docker-unavailable`.
 */
export async function prepareBuilder(
  plan: ImagePlan,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<string> {
  const name =
    plan.builder.kind === 'existing'
      ? plan.builder.name
      : builderName(plan.builder, runIdentity(ports))
  const description =
    plan.builder.kind === 'existing'
      ? await inspectExisting(name, docker, ports)
      : await inspectOrCreate(plan.builder, name, docker, ports)
  assertSuitable(name, description, plan.build.platforms)
  ports.report.line(
    `builder ${name} (${description.driver}): ${plan.build.platforms.join(', ')} can be built`,
  )
  return name
}

/** Runners that share an engine have temporary folders of their own. */
function runIdentity({ context }: Ports): string {
  return `${context.runId} ${context.runAttempt} ${context.temporaryDirectory}`
}

async function inspectExisting(
  name: string,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<BuilderDescription> {
  const result = await inspect(name, docker, ports)
  if (result.exitCode === 0) return parseBuilder(result.stdout)
  if (!isUnknown(result)) throw unavailable(name, result)
  throw new ActionError(
    'builder-unavailable',
    `no builder "${name}" found`,
    'List the builders with `docker buildx ls`, or leave `builder` out to have one made.',
  )
}

async function inspectOrCreate(
  builder: OwnBuilder,
  name: string,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<BuilderDescription> {
  if (!builder.keep) ports.postState.saveBuilder(name)
  const first = await inspect(name, docker, ports)
  if (first.exitCode === 0) return parseBuilder(first.stdout)
  if (!isUnknown(first)) throw unavailable(name, first)
  const created = await run(createBuilderArguments(builder, name), docker, ports)
  if (created.exitCode !== 0) throw unavailable(name, created)
  const second = await inspect(name, docker, ports)
  if (second.exitCode !== 0) throw unavailable(name, second)
  return parseBuilder(second.stdout)
}

/** Starts the builder, too: only a running one tells its platforms. */
async function inspect(
  name: string,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<ProcessResult> {
  return await run(['buildx', 'inspect', '--bootstrap', `--builder=${name}`], docker, ports)
}

async function run(
  argv: readonly string[],
  docker: DockerConfiguration,
  ports: Ports,
): Promise<ProcessResult> {
  const request = { command: 'docker', arguments: argv, environment: docker.environment }
  const result = await ports.processes.run(request, ports.signal)
  if (result.exitCode === 0 || !/unknown command|is not a docker command/.test(lastWords(result))) {
    return result
  }
  throw new ActionError(
    'docker-unavailable',
    'docker has no buildx plugin',
    'Install docker-buildx-plugin (Debian: docker-buildx) on the runner; version 0.13 or later.',
    { details: result.stderrTail },
  )
}

function isUnknown(result: ProcessResult): boolean {
  return /no builder .* found/.test(lastWords(result))
}

function lastWords(result: ProcessResult): string {
  return result.stderrTail.join('\n')
}

function unavailable(name: string, result: ProcessResult): ActionError {
  const said = result.stderrTail.findLast((line) => line.trim() !== '')?.replace(/^ERROR: /, '')
  const noEngine = /Cannot connect to the Docker daemon/.test(lastWords(result))
  return new ActionError(
    noEngine ? 'docker-unavailable' : 'builder-unavailable',
    `builder "${name}" did not start: ${said ?? `exit code ${result.exitCode}`}`,
    noEngine
      ? 'Run the job where a Docker engine runs, or set `driver: remote` and `endpoint`.'
      : 'Check `driver`, `driver-opts` and `endpoint`, and that the builder image can be pulled.',
    { details: result.stderrTail.slice(-20) },
  )
}

function assertSuitable(
  name: string,
  { driver, platforms, errors }: BuilderDescription,
  wanted: readonly Platform[],
): void {
  if (driver === 'docker') {
    throw new ActionError(
      'builder-unsuitable',
      `builder "${name}" has the docker driver, with which this action does not push`,
      'Leave `builder` out to have one made, or name one with the docker-container or remote driver.',
    )
  }
  const absent = wanted.filter((platform) => !platforms.includes(platform))
  if (absent.length === 0) return
  const has = platforms.length === 0 ? errors.join('; ') || 'no platform' : platforms.join(', ')
  throw new ActionError(
    'platform-unsupported',
    `builder "${name}" cannot build ${absent.join(', ')}; it has ${has}`,
    'Run docker/setup-qemu-action before this step, give the builder a native node, or ask for fewer `platforms`.',
  )
}
