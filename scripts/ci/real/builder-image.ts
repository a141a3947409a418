import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { ecrHost, type Stage } from '../../demo/stage.ts'
import { docker } from './docker-objects.ts'

/** In no registry: the docker-container driver takes what the engine has when its pull fails. */
const image = 'local/buildkit:ci'

const dockerfile = `ARG BASE
FROM \${BASE}
COPY buildkitd buildctl runc /usr/bin/
# BuildKit tries emulators on files in /tmp.
WORKDIR /tmp
ENTRYPOINT ["buildkitd"]
`

/**
 * Makes the image of a builder, as moby/buildkit is one, of this world's base and the programs in
 * `programs`. @returns its name in the engine.
 */
export async function makeBuilderImage(stage: Stage, programs: string): Promise<string> {
  const directory = join(stage.directory, 'builder-image')
  mkdirSync(directory)
  writeFileSync(join(directory, 'Dockerfile'), dockerfile)
  await docker(
    [
      ...['buildx', 'build', '--builder=default', '--load', '--provenance=false'],
      ...[`--file=${join(directory, 'Dockerfile')}`, `--build-arg=BASE=${stage.base}`],
      ...[`--tag=${image}`, programs],
    ],
    { DOCKER_CONFIG: join(stage.directory, 'task-execution-role') },
  )
  return image
}

/** Inputs that boot a builder of `name` on this world's network, which trusts its registry. */
export function containerBuilder(name: string): Readonly<Record<string, string>> {
  return {
    driver: 'docker-container',
    'driver-opts': `image=${name}\nnetwork=host`,
    'buildkitd-config-inline': configuration,
  }
}

/** The container is privileged and sees the control groups of the machine: its own end with the world. */
const configuration = `[registry."${ecrHost}"]
ca = ["/etc/docker/certs.d/${ecrHost}/ca.crt"]
[worker.oci]
defaultCgroupParent = "${process.env['WORLD_CGROUP'] ?? ''}"
`
