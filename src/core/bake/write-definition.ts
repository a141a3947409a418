import { imageOutput, secretValue, type BuildTarget, type SecretSource } from '../buildx/argv.ts'
import type { BuildSettings } from '../inputs/build/build-settings.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { listAt } from './definition.ts'

/** Where the image of one target goes, and what only a build knows. */
export interface TargetDestination {
  readonly target: BuildTarget
  readonly cacheFrom: readonly string[]
  readonly cacheTo: readonly string[]
}

/**
 * The definition that is built, as a file that bake reads. Bake would work out `${…}` in a file's
 * texts once more; what was printed is already worked out (measured with buildx 0.13.1).
 * @param destinations Of the targets that are pushed; all others go nowhere.
 */
export function writeDefinition(
  targets: ReadonlyMap<string, JsonObject>,
  destinations: ReadonlyMap<string, TargetDestination>,
  secrets: readonly SecretSource[],
  settings: Pick<BuildSettings, 'compression'>,
): string {
  const target = Object.fromEntries(
    [...targets].map(([name, members]) => {
      const destination = destinations.get(name)
      const place =
        destination === undefined
          ? { output: ['type=cacheonly'] }
          : destinationMembers(members, destination, settings)
      return [name, literal({ ...members, ...withSecrets(members, secrets), ...place })]
    }),
  )
  return `${JSON.stringify({ target }, undefined, 2)}\n`
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
