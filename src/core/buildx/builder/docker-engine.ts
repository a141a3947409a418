import type { Platform } from '../../image/platform.ts'
import { isAttested } from '../../inputs/build/attestations.ts'
import type { BuildSpecification } from '../../plan/image/image-plan.ts'
import { parseJsonObject, stringAt } from '../../json.ts'

/** What decides how a Docker engine pushes by itself. */
export interface DockerEngine {
  readonly version: string
  /** Whether images are kept by containerd, the only store that knows indexes. */
  readonly hasContainerdStore: boolean
}

/** Reads `docker info` in JSON. @returns undefined where it is none, as without a running engine. */
export function parseEngine(text: string): DockerEngine | undefined {
  const info = parseJsonObject(text)
  const version = info === undefined ? undefined : stringAt(info, 'ServerVersion')
  if (info === undefined || version === undefined || version === '') return undefined
  const status: readonly unknown[] = Array.isArray(info['DriverStatus']) ? info['DriverStatus'] : []
  return { version, hasContainerdStore: status.some(namesSnapshotter) }
}

/** `["driver-type", "io.containerd.snapshotter.v1"]`, in `docker info` of an engine with that store. */
function namesSnapshotter(pair: unknown): boolean {
  return Array.isArray(pair) && pair[0] === 'driver-type' && /snapshotter/.test(String(pair[1]))
}

/** A push that an engine is to do. */
export interface EnginePush {
  /** Whether the image gets no tag from the build. */
  readonly byDigest: boolean
  /** Whether the image has attestations, which make an index of one platform, too. */
  readonly attested: boolean
}

/** Why an engine's own builder cannot do a build. */
export interface EngineObstacle {
  readonly reason: string
  /** What else to do about it, as the end of a sentence. */
  readonly instead?: string
}

/**
 * The first engine that pushes an index with one request per tag. Those before push the parts of an
 * index under its tag (measured on 26.1.5 and 28.5.2): a tag that is immutable refuses them, and a
 * mutable one was left on a part.
 */
const firstMajorForIndexes = 28

/**
 * Why the engine's own builder cannot do a build; undefined: it can. Without the containerd store it
 * knows neither indexes nor attestations nor the annotations that later runs read.
 * @param push Undefined: nothing is pushed.
 */
export function engineObstacle(
  { version, hasContainerdStore }: DockerEngine,
  platforms: readonly Platform[],
  push: EnginePush | undefined,
): EngineObstacle | undefined {
  if (push?.byDigest === true) return { reason: 'cannot push by digest' }
  if (!hasContainerdStore) {
    const reason = `needs the containerd image store, which Docker ${version} does not use here`
    return { reason }
  }
  if (push === undefined || Number.parseInt(version, 10) >= firstMajorForIndexes) return undefined
  const since = `only from Docker ${firstMajorForIndexes} on; this engine is ${version}`
  if (platforms.length > 1) return { reason: `can push multi-platform images ${since}` }
  if (!push.attested) return undefined
  const instead = ', or push without attestations (`provenance: false`)'
  return { reason: `can push attestations ${since}`, instead }
}

/**
 * Why the engine cannot take an image that buildx loads into it; undefined: it can. Without the
 * containerd store it takes no index, which several platforms are and attestations make (docker/buildx,
 * build/opt.go: "docker exporter does not currently support exporting manifest lists").
 */
export function loadObstacle(
  { version, hasContainerdStore }: DockerEngine,
  { platforms, settings }: Pick<BuildSpecification, 'platforms' | 'settings'>,
): string | undefined {
  if (hasContainerdStore) return undefined
  const store = `the containerd image store, which Docker ${version} does not use here`
  if (platforms.length > 1) return `several platforms need ${store}`
  return isAttested(settings.attestations) ? `attestations need ${store}` : undefined
}
