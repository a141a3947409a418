import {
  missingTlsPart,
  takesTls,
  tlsParts,
  tlsVariable,
  type TlsFiles,
  type TlsPart,
} from '../../core/buildx/builder/node-tls.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { OwnBuilder } from '../../core/inputs/build/builder.ts'
import type { DockerConfiguration } from '../../ports/docker-credentials.ts'
import type { Ports } from '../../ports/ports.ts'

/**
 * Puts the TLS material of each node, which the job has in variables, into files of 0600 that go
 * with the Docker configuration of this run. No child is given the variables.
 * @returns by index of the node, the first one's first; undefined where it has none.
 * @throws ActionError `invalid-inputs` where a part is missing.
 */
export async function prepareTls(
  builder: OwnBuilder,
  docker: DockerConfiguration,
  ports: Ports,
): Promise<readonly (TlsFiles | undefined)[]> {
  const files: (TlsFiles | undefined)[] = []
  for (const [index, { endpoint }] of [builder, ...builder.nodes].entries()) {
    const parts = readParts(index, ports)
    const useless = parts.size > 0 && !takesTls(builder.driver, endpoint)
    if (useless) {
      ports.report.warning(
        `the variables BUILDER_NODE_${index}_AUTH_TLS_* have no effect: only tcp:// endpoints of the remote driver take TLS files`,
      )
    }
    files.push(parts.size === 0 || useless ? undefined : await writeParts(index, parts, docker))
  }
  return files
}

function readParts(index: number, { processes, report }: Ports): ReadonlyMap<TlsPart, string> {
  const parts = tlsParts.flatMap((part): [TlsPart, string][] => {
    const text = processes.variable(tlsVariable(index, part)) ?? ''
    return text.trim() === '' ? [] : [[part, text]]
  })
  for (const [, text] of parts) report.mask(text)
  return new Map(parts)
}

async function writeParts(
  index: number,
  parts: ReadonlyMap<TlsPart, string>,
  docker: DockerConfiguration,
): Promise<TlsFiles> {
  const missing = missingTlsPart([...parts.keys()])
  if (missing !== undefined) {
    const given = [...parts.keys()].map((part) => tlsVariable(index, part)).join(' and ')
    throw new ActionError(
      'invalid-inputs',
      `${given} without ${tlsVariable(index, missing)}`,
      'Set the missing variable in the `env` of the step; nothing was built.',
    )
  }
  const write = async (part: TlsPart): Promise<string | undefined> => {
    const text = parts.get(part)
    return text === undefined ? undefined : await docker.writeSecret(text)
  }
  return {
    cacert: (await write('cacert')) ?? '',
    cert: await write('cert'),
    key: await write('key'),
  }
}
