import { assignPlatforms } from '../../core/buildx/builder/assign-platforms.ts'
import type { BuilderDescription } from '../../core/buildx/builder/builder-description.ts'
import { builderName } from '../../core/buildx/builder/builder-name.ts'
import {
  appendNodeArguments,
  createBuilderArguments,
  givePlatformsArguments,
  nodeNameOf,
} from '../../core/buildx/builder/create-builder.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { TlsFiles } from '../../core/buildx/builder/node-tls.ts'
import type { Platform } from '../../core/image/platform.ts'
import type { OwnBuilder } from '../../core/inputs/build/builder.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { inspectBuilder, inspectExisting, unavailable } from './inspect-builder.ts'
import { prepareTls } from './prepare-tls.ts'
import { lastWordsOf, runDocker } from './run-docker.ts'

/** A builder of ours, running. */
export interface MadeBuilder {
  readonly name: string
  readonly description: BuilderDescription
  /** Whether this call made it: then nobody else uses it. */
  readonly fresh: boolean
}

/**
 * Makes the builder that the inputs describe, or finds it as an earlier run left it; nodes that it
 * lacks are added. Unless it is to be kept, it is left to the post step before it exists.
 * @param platforms What is to be built with it.
 * @throws ActionError `builder-unavailable`, `docker-unavailable`, `invalid-inputs`.
 */
export async function makeBuilder(
  wanted: OwnBuilder,
  platforms: readonly Platform[],
  docker: DockerConfiguration,
  ports: Ports,
): Promise<MadeBuilder> {
  const tls = await prepareTls(wanted, docker, ports)
  const builder = forThisRun(wanted, tls, ports)
  const name = builderName(builder, runIdentity(docker, tls, ports))
  if (!builder.keep) ports.postState.saveBuilder(name)
  const found = await inspectBuilder(name, docker, ports)
  if (found === undefined) await create(builder, name, tls[0], docker, ports)
  const present = found?.nodes.map((node) => node.name) ?? []
  const added = await append(builder, name, { tls, present }, docker, ports)
  const unchanged = found !== undefined && !added
  const description = unchanged ? found : await inspectExisting(name, docker, ports)
  await divide(builder, { name, description, platforms }, docker, ports)
  return { name, description, fresh: found === undefined }
}

/** Gives each node what it is to build, where nodes that may build anything would take it from others. */
async function divide(
  builder: OwnBuilder,
  made: {
    readonly name: string
    readonly description: BuilderDescription
    readonly platforms: readonly Platform[]
  },
  docker: DockerConfiguration,
  ports: Ports,
): Promise<void> {
  const { name, description } = made
  const offers = [builder, ...builder.nodes].map((node, index) => {
    const nodeName = 'kind' in node ? `${name}0` : nodeNameOf(name, node, index)
    const offered = description.nodes.find((other) => other.name === nodeName)?.platforms ?? []
    return { node, name: nodeName, given: 'kind' in node ? [] : node.platforms, offered }
  })
  const assigned = assignPlatforms(made.platforms, offers)
  for (const { node, name: nodeName } of offers) {
    const platforms = assigned.get(nodeName)
    if (platforms === undefined) continue
    const argv = givePlatformsArguments(name, nodeName, node, platforms)
    const given = await runDocker(argv, docker, ports)
    if (given.exitCode !== 0) throw unavailable(name, given)
    ports.report.line(`node ${nodeName} builds ${platforms.join(', ')} and nothing else`)
  }
}

/** Files end with the run, and a builder that points at them with it; BuildKit keeps its cache itself. */
function forThisRun(
  builder: OwnBuilder,
  tls: readonly (TlsFiles | undefined)[],
  { report }: Ports,
): OwnBuilder {
  if (!builder.keep || tls.every((files) => files === undefined)) return builder
  report.line(
    'keep-builder: a builder with TLS files of this run is not kept; its nodes keep theirs',
  )
  return { ...builder, keep: false }
}

/** Runners that share an engine have temporary folders of their own; TLS files are the configuration's. */
function runIdentity(
  docker: DockerConfiguration,
  tls: readonly (TlsFiles | undefined)[],
  { context }: Ports,
): string {
  const run = `${context.runId} ${context.runAttempt} ${context.temporaryDirectory}`
  const withTls = tls.some((files) => files !== undefined)
  return withTls ? `${run} ${docker.environment['DOCKER_CONFIG'] ?? ''}` : run
}

async function create(
  builder: OwnBuilder,
  name: string,
  tls: TlsFiles | undefined,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<void> {
  const { buildkitdConfig: text } = builder
  const buildkitdConfig = text === undefined ? undefined : await docker.writeSecret(text)
  const argv = createBuilderArguments(builder, name, { tls, buildkitdConfig })
  const created = await runDocker(argv, docker, ports)
  if (created.exitCode !== 0) throw unavailable(name, created)
}

/** @returns whether there was anything to add. */
async function append(
  builder: OwnBuilder,
  name: string,
  known: {
    readonly tls: readonly (TlsFiles | undefined)[]
    readonly present: readonly string[]
  },
  docker: DockerConfiguration,
  ports: Ports,
): Promise<boolean> {
  const missing = builder.nodes.flatMap((node, place) => {
    const index = place + 1
    const nodeName = nodeNameOf(name, node, index)
    return known.present.includes(nodeName) ? [] : [{ node, nodeName, tls: known.tls[index] }]
  })
  for (const { node, nodeName, tls } of missing) {
    const argv = appendNodeArguments(name, nodeName, node, tls)
    const appended = await runDocker(argv, docker, ports)
    if (appended.exitCode === 0) continue
    // buildx puts its record back without the first node's flags and configuration (v0.13.1).
    await runDocker(['buildx', 'rm', '--force', '--keep-state', name], docker, ports)
    throw new ActionError(
      'builder-unavailable',
      `node "${nodeName}" (${node.endpoint}) cannot be added to the builder: ${lastWordsOf(appended)}`,
      'Check the `endpoint` and `driver-opts` of this node in `append`, and that the runner reaches it.',
      { details: appended.stderrTail.slice(-20) },
    )
  }
  return missing.length > 0
}
