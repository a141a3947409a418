import { isAbsolute, normalize } from 'node:path/posix'

import { parsePlatform, type Platform } from '../image/platform.ts'
import { parseRepositoryReference, type RepositoryReference } from '../image/repository.ts'
import {
  builderDrivers,
  skipExistingChoices,
  type BuilderInputs,
  type BuildInputs,
} from './inputs.ts'
import { readBuildSettings } from './build-settings.ts'
import { readElements } from './elements.ts'
import { readImageMetadata } from './image-metadata.ts'
import type { InputReader } from './reader.ts'
import { readTagRules } from './tags.ts'

const repositoryForm =
  'is neither an ECR repository name (team/web) nor one behind its registry (123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web)'

/** The repository, where one is given; several lines are not taken yet. */
export function readRepository(reader: InputReader): RepositoryReference | undefined {
  const lines = reader.lines('repository')
  const [first, ...more] = lines
  if (more.length > 0) {
    reader.reject('repository', 'names several repositories; one is supported in this version')
  }
  if (first === undefined) return undefined
  const reference = parseRepositoryReference(first)
  if (reference === undefined) reader.reject('repository', repositoryForm, first)
  return reference
}

/** What to build. @param repository As {@link readRepository} read it; its absence is told here. */
export function readBuild(
  reader: InputReader,
  repository: RepositoryReference | undefined,
): BuildInputs {
  if (repository === undefined && reader.text('repository') === undefined) {
    reader.reject(
      'repository',
      'is missing; name the ECR repository that the image is pushed to, or use `mode: deploy`',
    )
  }
  return {
    // The empty name is never used: its absence is a problem that ends the run.
    repository: repository ?? { name: '' },
    platforms: readPlatforms(reader),
    context: readPath(reader, 'context') ?? '.',
    file: readPath(reader, 'file'),
    target: reader.parsed('target', 'is not a stage name', (text) =>
      /^[a-zA-Z0-9][\w.-]*$/.test(text) ? text : undefined,
    ),
    buildArguments: readBuildArguments(reader),
    noCache: reader.boolean('no-cache'),
    pull: reader.boolean('pull'),
    skipExisting: reader.choice('skip-existing', skipExistingChoices),
    tagRules: readTagRules(reader),
    metadata: readImageMetadata(reader),
    settings: readBuildSettings(reader),
    builder: readBuilder(reader),
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

/** A path inside the workspace. Remote contexts are not taken yet, and say so. */
function readPath(reader: InputReader, name: string): string | undefined {
  const text = reader.text(name)
  if (text === undefined) return undefined
  if (/^([a-z+]+:\/\/|git@)/.test(text)) {
    reader.reject(name, 'is remote; this version builds from a path in the workspace')
  } else if (isAbsolute(text) || normalize(text).split('/').includes('..')) {
    reader.reject(name, 'is not a path inside the workspace')
  }
  return normalize(text)
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

function readBuilder(reader: InputReader): BuilderInputs {
  const name = reader.parsed('builder', 'is not a builder name', (text) =>
    /^[a-zA-Z0-9][\w.-]*$/.test(text) ? text : undefined,
  )
  const driver = reader.choice('driver', builderDrivers)
  const endpoint = reader.text('endpoint')
  const driverOptions = reader.lines('driver-opts')
  if (name !== undefined) {
    for (const other of ['driver', 'endpoint', 'driver-opts', 'keep-builder']) {
      if (reader.given(other)) {
        reader.reject(
          other,
          `has no effect on the existing builder "${name}"; leave one of the two out`,
        )
      }
    }
    return { kind: 'existing', name }
  }
  if (driver === 'remote' && endpoint === undefined) {
    reader.reject('endpoint', 'is missing; the remote driver needs one such as tcp://builder:1234')
  }
  return { kind: 'own', driver, endpoint, driverOptions, keep: reader.boolean('keep-builder') }
}
