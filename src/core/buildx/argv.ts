import type { BuildSettings } from '../inputs/build/build-settings.ts'
import type { BuildSpecification } from '../plan/image/image-plan.ts'
import { isEngine, type Builder } from './builder/builder.ts'
import { csvFields } from './csv-fields.ts'

/** What becomes of the image that is built. */
export type BuildTarget =
  /** `host/name:tag`: the one name that the build pushes. */
  | { readonly kind: 'push'; readonly reference: string }
  /** `host/name`: pushed without a tag. */
  | { readonly kind: 'push-by-digest'; readonly repositoryUri: string }
  /** It stays in the builder; an engine's own builder keeps it under its name, if it has one. */
  | { readonly kind: 'keep'; readonly name?: string }
  /** There is no image: what is built is left to the next build. */
  | { readonly kind: 'cache' }

/** Where one build's result goes. */
export interface BuildDestination {
  readonly builder: Builder
  readonly target: BuildTarget
  /** Where buildx writes the digest of what it pushed; undefined: nobody reads it. */
  readonly metadataFile: string | undefined
}

/** Where buildx reads a secret; never the secret itself. */
export type SecretSource =
  | { readonly id: string; readonly variable: string }
  | { readonly id: string; readonly file: string }

/**
 * The arguments of `docker` for one build and push. Every value is in one element with its flag, so
 * that no value is ever an option; every flag exists in buildx 0.13.1 (Debian's).
 */
export function buildArguments(
  specification: BuildSpecification,
  destination: BuildDestination,
  secrets: readonly SecretSource[] = [],
): readonly string[] {
  const { settings } = specification
  return [
    'buildx',
    'build',
    `--builder=${destination.builder.name}`,
    '--progress=plain',
    `--platform=${specification.platforms.join(',')}`,
    `--file=${specification.dockerfile}`,
    ...flag('target', specification.target),
    ...flags('build-arg', specification.buildArguments),
    ...flags('label', pairs(specification.labels)),
    ...annotationFlags(specification),
    ...(specification.noCache ? ['--no-cache'] : []),
    ...(specification.pull ? ['--pull'] : []),
    ...settingFlags(settings),
    ...flags('secret', secrets.map(secretValue)),
    ...flag('metadata-file', destination.metadataFile),
    ...flags('output', settings.exporters),
    ...flags('output', imageOutputs(specification, destination)),
    specification.contextDirectory,
  ]
}

/**
 * Where the image goes; the last exporter's digest is the one in the metadata file (measured: oci,
 * docker; Docker 26.1). The engine's own builder has one exporter alone: it keeps what it pushes, and
 * a second one races with it for the name ("already exists", measured on Docker 26.1.5).
 */
function imageOutputs(
  { loadAs, settings }: BuildSpecification,
  { builder, target }: BuildDestination,
): readonly string[] {
  if (loadAs === undefined || target.kind === 'cache') return [imageOutput(target, settings)]
  if (isEngine(builder)) {
    const named = target.kind === 'keep' ? { ...target, name: loadAs } : target
    return [imageOutput(named, settings)]
  }
  return [csvFields(['type=docker', `name=${loadAs}`]), imageOutput(target, settings)]
}

function settingFlags(settings: BuildSettings): readonly string[] {
  return [
    ...flags('build-context', settings.buildContexts),
    ...flags('add-host', settings.addHosts),
    ...flags('allow', settings.allow),
    ...flags('ulimit', settings.ulimits),
    ...flags('no-cache-filter', settings.noCacheFilters),
    ...flags('ssh', settings.ssh),
    ...flag('network', settings.network),
    ...flag('shm-size', settings.shmSize),
    ...flag('cgroup-parent', settings.cgroupParent),
    ...flag('provenance', settings.attestations.provenance),
    ...flag('sbom', settings.attestations.sbom),
    ...flags('attest', settings.attestations.attests),
    ...flags('cache-from', settings.cacheFrom),
    ...flags('cache-to', settings.cacheTo),
  ]
}

function annotationFlags(specification: BuildSpecification): readonly string[] {
  const ours = pairs(specification.annotations).map((fact) => `manifest:${fact}`)
  const further = specification.furtherAnnotations.map(
    ({ place, key, value }) => `${place}:${key}=${value}`,
  )
  return flags('annotation', [...ours, ...further])
}

/**
 * The exporter of the image itself. All layers zstd or none: those of the base image too, since ECS
 * fails to pull a mixture.
 */
export function imageOutput(
  target: BuildTarget,
  { compression }: Pick<BuildSettings, 'compression'>,
): string {
  if (target.kind === 'cache') return 'type=cacheonly'
  return csvFields([
    'type=image',
    ...destinationFields(target),
    'oci-mediatypes=true',
    ...(compression === 'gzip' ? [] : [`compression=${compression}`, 'force-compression=true']),
  ])
}

function destinationFields(target: Exclude<BuildTarget, { kind: 'cache' }>): readonly string[] {
  switch (target.kind) {
    case 'push':
      return [`name=${target.reference}`, 'push=true']
    case 'push-by-digest':
      return [
        `name=${target.repositoryUri}`,
        'push-by-digest=true',
        'name-canonical=true',
        'push=true',
      ]
    case 'keep':
      return [...(target.name === undefined ? [] : [`name=${target.name}`]), 'push=false']
  }
}

/** Where buildx finds one secret, as it takes it. */
export function secretValue(source: SecretSource): string {
  return csvFields([
    `id=${source.id}`,
    'file' in source ? `src=${source.file}` : `env=${source.variable}`,
  ])
}

function flag(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}=${value}`]
}

function flags(name: string, values: readonly string[]): readonly string[] {
  return values.map((value) => `--${name}=${value}`)
}

/** `NAME=value`, sorted: the same plan gives the same arguments. */
function pairs(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
}
