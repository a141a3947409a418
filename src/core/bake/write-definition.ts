import { imageOutput, secretValue, type BuildTarget, type SecretSource } from '../buildx/argv.ts'
import type { BuildSettings } from '../inputs/build/build-settings.ts'
import { forgive } from '../inputs/build/cache-exports.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { listAt } from './definition.ts'

/** Where the image of one target goes, and what only a build knows. */
export interface TargetDestination {
  readonly target: BuildTarget
  readonly cacheFrom: readonly string[]
  readonly cacheTo: readonly string[]
}

/**
 * The definition that is built, as a file that bake reads.
 * @param destinations Of the targets that are pushed; all others go nowhere.
 */
export function writeDefinition(
  targets: ReadonlyMap<string, JsonObject>,
  destinations: ReadonlyMap<string, TargetDestination>,
  secrets: readonly SecretSource[],
  settings: Pick<BuildSettings, 'compression'>,
): string {
  const placed = [...targets].map(([name, written]) => {
    const members = forgiving(written)
    const destination = destinations.get(name)
    const place =
      destination === undefined
        ? { output: ['type=cacheonly'] }
        : destinationMembers(members, destination, settings)
    return [name, { ...members, ...withSecrets(members, secrets), ...place }] as const
  })
  return writeTargets(new Map(placed))
}

/**
 * Targets as a file that bake reads. Bake would work out `${…}` in a file's texts once more; what was
 * printed is already worked out (measured with buildx 0.13.1).
 */
export function writeTargets(targets: ReadonlyMap<string, JsonObject>): string {
  const written = [...targets].map(([name, members]) => [name, literal(members)] as const)
  return `${JSON.stringify({ target: Object.fromEntries(written) }, undefined, 2)}\n`
}

function destinationMembers(
  members: JsonObject,
  { target, cacheFrom, cacheTo }: TargetDestination,
  settings: Pick<BuildSettings, 'compression'>,
): JsonObject {
  return {
    output: [imageOutput(target, settings)],
    ...joined(members, 'cache-from', cacheFrom),
    ...joined(members, 'cache-to', cacheTo),
  }
}

/**
 * As `cache-to` of the inputs: an image that is pushed is not lost with its cache, nor with that of a
 * target it is built upon, which bake writes as well.
 */
function forgiving(members: JsonObject): JsonObject {
  const caches = listAt(members, 'cache-to').map((cache) => {
    if (typeof cache === 'string') return forgive(cache) ?? cache
    if (!isJsonObject(cache) || cache['type'] === 'inline') return cache
    return { 'ignore-error': 'true', ...cache }
  })
  return caches.length === 0 ? members : { ...members, 'cache-to': caches }
}

function withSecrets(members: JsonObject, secrets: readonly SecretSource[]): JsonObject {
  return joined(members, 'secret', secrets.map(secretValue))
}

function joined(members: JsonObject, name: string, more: readonly string[]): JsonObject {
  const all = [...listAt(members, name), ...more]
  return all.length === 0 ? {} : { [name]: all }
}

/**
 * The texts as bake's file syntax writes them out (HCL string literals). Later releases of buildx
 * print them so already, which must not be done twice.
 */
function literal(value: Json): Json {
  if (typeof value === 'string') {
    return value.replace(/\$+\{/g, '$$$${').replace(/%+\{/g, '%%{')
  }
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, literal(member ?? null)]),
    )
  }
  return Array.isArray(value) ? value.map((each: Json) => literal(each)) : value
}
