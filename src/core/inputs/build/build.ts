import { parsePlatform, type Platform } from '../../image/platform.ts'
import type { RepositoryReference } from '../../image/repository/repository.ts'
import { skipExistingChoices, type BuildInputs } from '../inputs.ts'
import type { Mode } from '../mode.ts'
import { readBuildSettings } from './build-settings.ts'
import { readBuilder } from './builder.ts'
import { readCache } from './cache.ts'
import { readContext, readDockerfilePath } from './context.ts'
import { readElements } from './elements.ts'
import { readGates } from './gates.ts'
import { readImageMetadata } from './image-metadata.ts'
import { attestationsOf, readLoad } from './load.ts'
import { readMetadataVariables } from './metadata-variables.ts'
import type { InputReader } from '../reader.ts'
import { readRegistries } from '../publish/registries.ts'
import { readTagRules } from './tags.ts'

/**
 * What to build.
 * @param repository Where the image goes; undefined: nowhere.
 * @param variables The job's that docker/metadata-action reads, by name.
 */
export function readBuild(
  reader: InputReader,
  mode: Mode,
  repository: RepositoryReference | undefined,
  variables: ReadonlyMap<string, string>,
): BuildInputs {
  const { shortShaLength, annotationPlaces } = readMetadataVariables(reader, variables)
  const load = readLoad(reader, mode)
  const settings = readBuildSettings(reader)
  return {
    platforms: readPlatforms(reader),
    context: readContext(reader),
    file: readDockerfilePath(reader),
    target: reader.parsed('target', 'is not a stage name', (text) =>
      /^[a-zA-Z0-9][\w.-]*$/.test(text) ? text : undefined,
    ),
    buildArguments: readBuildArguments(reader),
    noCache: reader.boolean('no-cache'),
    pull: reader.boolean('pull'),
    skipExisting: reader.choice('skip-existing', skipExistingChoices),
    retries: reader.integer('retries', { min: 0, max: 5 }) ?? 0,
    tagRules: readTagRules(reader, shortShaLength),
    metadata: readImageMetadata(reader, annotationPlaces),
    settings: { ...settings, attestations: attestationsOf(reader, load, settings.attestations) },
    load,
    cache: readCache(reader, repository),
    builder: readBuilder(reader),
    gates: readGates(reader),
    registries: readRegistries(reader),
  }
}

function readPlatforms(reader: InputReader): readonly Platform[] {
  const platforms = reader.list('platforms').flatMap((text) => {
    const platform = parsePlatform(text)
    if (platform === undefined) {
      reader.reject('platforms', 'is not a platform such as linux/arm64', text)
    }
    return platform ?? []
  })
  return [...new Set(platforms)]
}

function readBuildArguments(reader: InputReader): readonly string[] {
  const values = readElements(reader, 'build-args')
  for (const value of values) {
    if (!/^[A-Za-z_][\w.-]*(=|$)/.test(value)) {
      reader.reject('build-args', 'is not NAME=value', value)
    }
  }
  return values
}
