import { isEngine, type Builder } from '../../core/buildx/builder/builder.ts'
import type { BuilderDescription } from '../../core/buildx/builder/builder-description.ts'
import { engineObstacle } from '../../core/buildx/builder/docker-engine.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEngine } from './ask-engine.ts'
import type { BuilderNeeds } from './builder-needs.ts'
import { emulatePlatforms } from './emulate-platforms.ts'
import { inspectExisting } from './inspect-builder.ts'
import { makeBuilder, type MadeBuilder } from './make-builder.ts'
import { lastWordsOf, runDocker } from './run-docker.ts'

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
  const builder = { name, driver: description.driver, nodes: machinesOf(description) }
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
  { build, push }: BuilderNeeds,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<void> {
  const engine = await askEngine(
    {
      context: name,
      complaint: `docker does not tell what the engine of builder "${name}" is`,
      remedy:
        'Run the job where a Docker engine runs, or leave `driver` out to have a builder made.',
    },
    docker,
    ports,
  )
  const obstacle = engineObstacle(engine, build.platforms, push)
  if (obstacle === undefined) return
  throw new ActionError(
    'builder-unsuitable',
    `builder "${name}" has the docker driver, which ${obstacle.reason}`,
    `Leave \`builder\` and \`driver\` out to have a builder made, or name one with the docker-container or remote driver${obstacle.instead ?? ''}.`,
  )
}

function nodesOf(description: BuilderDescription): string {
  const machines = machinesOf(description)
  return machines > 1 ? `${description.driver}, ${machines} nodes` : description.driver
}

/** The pods of one node of Kubernetes are told one by one, under its name (buildx, builder/node.go). */
function machinesOf({ nodes }: BuilderDescription): number {
  return new Set(nodes.map(({ name }) => name)).size
}
