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

/** The first engine that pushes an index with one request per tag (measured on 26.1.5 and 28.5.2). */
const firstMajorForIndexes = 28

/**
 * Why the engine's own builder cannot do a push; undefined: it can. Without the containerd store it
 * knows neither indexes nor attestations nor the annotations that later runs read.
 */
export function engineObstacle(
  engine: DockerEngine,
  push: { readonly platforms: readonly string[]; readonly byDigest: boolean },
): string | undefined {
  if (push.byDigest) return 'cannot push by digest'
  if (!engine.hasContainerdStore) {
    return `needs the containerd image store, which Docker ${engine.version} does not use here`
  }
  const major = Number.parseInt(engine.version, 10)
  if (push.platforms.length > 1 && !(major >= firstMajorForIndexes)) {
    return `pushes several platforms rightly from Docker ${firstMajorForIndexes} on; this is ${engine.version}`
  }
  return undefined
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
  const { provenance, sbom, attests } = settings.attestations
  const attested = [provenance, sbom, ...attests].some(
    (value) => value !== undefined && value !== 'false',
  )
  return attested ? `attestations need ${store}` : undefined
}
