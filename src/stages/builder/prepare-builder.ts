import { isEngine, type Builder } from '../../core/buildx/builder/builder.ts'
import type { BuilderDescription } from '../../core/buildx/builder/builder-description.ts'
import { engineObstacle, parseEngine } from '../../core/buildx/builder/docker-engine.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { Platform } from '../../core/image/platform.ts'
import type { BuilderInputs } from '../../core/inputs/build/builder.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { emulatePlatforms } from './emulate-platforms.ts'
import { inspectExisting } from './inspect-builder.ts'
import { makeBuilder, type MadeBuilder } from './make-builder.ts'
import { lastWordsOf, runDocker } from './run-docker.ts'

/** What a builder is prepared for. */
export interface BuilderNeeds {
  readonly builder: BuilderInputs
  readonly build: { readonly platforms: readonly Platform[] }
  /** Whether the image gets no tag from the build. */
  readonly pushesByDigest?: boolean
}

/**
 * Brings up the builder of a plan, an existing one or ours, and sees to it that it can do the
 * build, by emulation if need be.
 * @throws ActionError `builder-unavailable`, `builder-unsuitable`, `platform-unsupported`,
 * `docker-unavailable`, `invalid-inputs`.
 */
export async function prepareBuilder(
  needs: BuilderNeeds,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<Builder> {
  const found = await bringUp(needs, docker, ports)
  const { name, description } = found
  const builder = { name, driver: description.driver }
  if (isEngine(builder)) await assertEngineSuits(name, needs, docker, ports)
  await emulatePlatforms(found, needs, docker, ports)
  ports.report.line(
    `builder ${name} (${nodesOf(description)}): ${needs.build.platforms.join(', ')} can be built`,
  )
  return builder
}

async function bringUp(
  { builder, build }: BuilderNeeds,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<MadeBuilder> {
  if (builder.kind === 'own') return await makeBuilder(builder, build.platforms, docker, ports)
  const name = builder.kind === 'existing' ? builder.name : await currentContext(docker, ports)
  return { name, description: await inspectExisting(name, docker, ports), fresh: false }
}

/** The engine's own builder is called like the context that leads to the engine. */
async function currentContext(docker: DockerConfiguration, ports: Ports): Promise<string> {
  const result = await runDocker(['context', 'show'], docker, ports)
  const name = result.stdout.trim()
  if (result.exitCode === 0 && name !== '') return name
  throw new ActionError(
    'docker-unavailable',
    `docker does not tell its current context: ${lastWordsOf(result)}`,
    'Check `docker context ls` and DOCKER_CONTEXT on the runner.',
    { details: result.stderrTail },
  )
}

async function assertEngineSuits(
  name: string,
  { build, pushesByDigest = false }: BuilderNeeds,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<void> {
  const argv = [`--context=${name}`, 'info', '--format={{json .}}']
  const result = await runDocker(argv, docker, ports)
  const engine = parseEngine(result.stdout)
  if (engine === undefined) {
    throw new ActionError(
      'docker-unavailable',
      `docker does not tell what the engine of builder "${name}" is: ${lastWordsOf(result)}`,
      'Run the job where a Docker engine runs, or leave `driver` out to have a builder made.',
      { details: result.stderrTail },
    )
  }
  const obstacle = engineObstacle(engine, {
    platforms: build.platforms,
    byDigest: pushesByDigest,
  })
  if (obstacle === undefined) return
  throw new ActionError(
    'builder-unsuitable',
    `builder "${name}" has the docker driver, which ${obstacle}`,
    'Leave `builder` and `driver` out to have a builder made, or name one with the docker-container or remote driver.',
  )
}

function nodesOf({ driver, nodes }: BuilderDescription): string {
  return nodes.length > 1 ? `${driver}, ${nodes.length} nodes` : driver
}
