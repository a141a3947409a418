import { printArguments } from '../../core/bake/argv.ts'
import { parseBakeDefinition, type BakeTarget } from '../../core/bake/definition.ts'
import { losesNetwork } from '../../core/bake/lost-network.ts'
import { finalError } from '../../core/buildx/failure/log.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { BakeInputs } from '../../core/inputs/build/bake.ts'
import { pathIn } from '../../core/path-in.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'
import { askBuildxVersion } from '../builder/ask-buildx-version.ts'

const maxBytes = 1024 * 1024

/**
 * Has buildx work out what the bake files describe; nothing is built. IMAGE_VERSION is the version
 * of this run, and the other variables are those of the job that every child gets.
 * @throws ActionError `bake-unreadable`, `docker-unavailable`, `file-unreadable`.
 */
export async function printBake(
  bake: BakeInputs,
  version: string,
  ports: Ports,
): Promise<readonly BakeTarget[]> {
  const docker = await ports.dockerCredentials.open()
  try {
    const texts = await Promise.all(
      bake.files.map((file) =>
        ports.files.readText(pathIn(ports.context.workspace, file), maxBytes),
      ),
    )
    const targets = await ask(bake, version, docker, ports)
    if (losesNetwork(texts, targets)) await assertTellsNetwork(docker, ports)
    return targets
  } finally {
    await docker.dispose()
  }
}

async function ask(
  bake: BakeInputs,
  version: string,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<readonly BakeTarget[]> {
  const argv = printArguments(bake)
  const result = await ports.processes.run(
    {
      command: 'docker',
      arguments: argv,
      environment: { ...docker.environment, IMAGE_VERSION: version },
      workingDirectory: ports.context.workspace,
    },
    ports.signal,
  )
  if (result.exitCode === 0 && result.truncated) throw tooLarge(bake)
  if (result.exitCode === 0) return parseBakeDefinition(result.stdout)
  const why = finalError(result.stderrTail) ?? result.stderrTail.at(-1) ?? 'it ended without a word'
  throw new ActionError(
    /unknown command|is not a docker command/.test(why) ? 'docker-unavailable' : 'bake-unreadable',
    `\`docker buildx bake --print\` refuses ${bake.files.join(', ')}: ${why}`,
    `Correct the files or \`bake-targets\`; \`docker ${argv.join(' ')}\` tells the same anywhere.`,
    { details: result.stderrTail },
  )
}

function tooLarge(bake: BakeInputs): ActionError {
  return new ActionError(
    'bake-unreadable',
    `what \`docker buildx bake --print\` makes of ${bake.files.join(', ')} is longer than 1 MiB`,
    'Name fewer targets in `bake-targets`, or split the files.',
  )
}

/** Buildx 0.13 reads `network` of a target, and does not print it (measured). */
async function assertTellsNetwork(docker: DockerConfiguration, ports: Ports): Promise<void> {
  const version = await askBuildxVersion(docker, ports)
  if (version === undefined || version.major > 0 || version.minor > 13) return
  throw new ActionError(
    'bake-refused',
    `buildx ${version.major}.${version.minor} does not print the \`network\` that the bake files set, so that it would be lost`,
    'Install buildx 0.14 or later (docker/setup-buildx-action), or take `network` out.',
  )
}
