import { isAbsolute, normalize } from 'node:path/posix'
import { parsePlatform, type Platform } from '../../image/platform.ts'
import type { RepositoryReference } from '../../image/repository/repository.ts'
import { readElements, splitPair } from './elements.ts'
import type { Mode } from '../mode.ts'
import type { InputReader } from '../reader.ts'

/** Several images, as bake or compose files describe them. */
export interface BakeInputs {
  /** Paths in the workspace, at least one. */
  readonly files: readonly string[]
  /** Targets and groups; empty: the group `default`. */
  readonly targets: readonly string[]
  /** `target.key=value`; none leads an image elsewhere. */
  readonly set: readonly string[]
  /** Undefined: those of the files. */
  readonly platforms: readonly Platform[] | undefined
  /** Whose host the targets without tags go to. */
  readonly repository: RepositoryReference | undefined
}

/** What the files say themselves. */
const inFiles = [
  ...['context', 'file', 'target', 'build-args', 'build-contexts', 'add-hosts', 'ulimit'],
  ...['network', 'shm-size', 'cgroup-parent', 'outputs'],
]

/** Where an image goes is decided here; all else is judged with the definition that comes of it. */
const notSet = ['output', 'outputs', 'tags', 'push', 'load', 'call']

/** @returns undefined where no bake files are given. */
export function readBake(
  reader: InputReader,
  mode: Mode,
  repository: RepositoryReference | undefined,
): BakeInputs | undefined {
  if (reader.text('bake-files') === undefined) {
    for (const name of ['bake-targets', 'bake-set'].filter((each) => reader.given(each))) {
      reader.reject(name, 'is given without bake-files')
    }
    return undefined
  }
  for (const name of inFiles.filter((each) => reader.given(each))) {
    reader.reject(name, 'is what the bake files say of each target; leave it out')
  }
  rejectElsewhere(reader, mode)
  return {
    files: readFiles(reader),
    targets: readTargets(reader),
    set: readSet(reader),
    platforms: reader.given('platforms')
      ? reader.list('platforms').flatMap((text) => parsePlatform(text) ?? [])
      : undefined,
    repository,
  }
}

/** A leg, a joined image and one that stays in the builder are of one target. */
function rejectElsewhere(reader: InputReader, mode: Mode): void {
  if (mode === 'build') {
    reader.reject('bake-files', 'are for mode release; a leg of a matrix builds one Dockerfile')
  }
  if (mode === 'release' && !reader.boolean('push')) {
    reader.reject('push', 'is false, and bake-files are built to be pushed in this version')
  }
  if (reader.lines('repository').length > 1) {
    reader.reject('repository', 'names several repositories, and with bake-files only one is used')
  }
}

function readFiles(reader: InputReader): readonly string[] {
  const files = reader.lines('bake-files')
  for (const file of files) {
    const isPath = !/^([a-z][a-z+]*:\/\/|git@|-)/.test(file)
    if (!isPath || isAbsolute(file) || normalize(file).split('/').includes('..')) {
      reader.reject('bake-files', 'is not a path inside the workspace', file)
    }
  }
  return files.map((file) => normalize(file))
}

function readTargets(reader: InputReader): readonly string[] {
  const targets = reader.list('bake-targets')
  // Bake takes a URL in this place for a definition to fetch.
  for (const target of targets) {
    if (!/^[a-zA-Z0-9_][a-zA-Z0-9_-]*$/.test(target)) {
      reader.reject('bake-targets', 'is no name of a target or group', target)
    }
  }
  return [...new Set(targets)]
}

function readSet(reader: InputReader): readonly string[] {
  const overrides = readElements(reader, 'bake-set')
  for (const override of overrides) {
    const [path = ''] = splitPair(override) ?? []
    const [target = '', key = ''] = path.replace(/\+$/, '').split('.')
    if (!/^[\w*?[\]-]+$/.test(target) || key === '' || !override.includes('=')) {
      reader.reject('bake-set', 'is not target.key=value', override)
    } else if (notSet.includes(key.toLowerCase())) {
      reader.reject('bake-set', `sets "${key}", which is decided here`, override)
    }
  }
  return overrides
}
