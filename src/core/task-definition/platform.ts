import { ActionError } from '../errors/action-error.ts'
import { parsePlatform, type Platform } from '../image/platform.ts'
import { objectAt, stringAt, stringsAt, type JsonObject } from '../json.ts'

/**
 * The platform that the tasks of a definition need. Fargate runs Linux on X86_64 unless
 * `runtimePlatform` says otherwise (Amazon ECS developer guide, "Fargate task definition
 * differences"); on EC2 and external instances without `runtimePlatform` the instances decide.
 * @param launchType The service's, where it has one.
 * @returns undefined where only the instances know.
 */
export function requiredPlatform(
  definition: JsonObject,
  launchType: string | undefined,
): Platform | undefined {
  const runtime = objectAt(definition, 'runtimePlatform')
  const architecture = stringAt(runtime, 'cpuArchitecture')
  const family = stringAt(runtime, 'operatingSystemFamily')
  if (architecture === undefined && family === undefined && !onFargate(definition, launchType)) {
    return undefined
  }
  const system = family?.startsWith('WINDOWS') === true ? 'windows' : 'linux'
  return parsePlatform(`${system}/${architecture ?? 'x86_64'}`)
}

/** @returns what is wrong where the image has no such platform. */
export function checkPlatform(
  required: Platform | undefined,
  image: { readonly name: string; readonly platforms: readonly Platform[] },
  origin: string,
): ActionError | undefined {
  if (required === undefined || image.platforms.includes(required)) return undefined
  return new ActionError(
    'platform-mismatch',
    `tasks of ${origin} run on ${required}, and ${image.name} is for ${image.platforms.join(', ')} only`,
    `Add ${required} to \`platforms\`, or set runtimePlatform in the task definition to a platform of the image.`,
  )
}

function onFargate(definition: JsonObject, launchType: string | undefined): boolean {
  if (launchType !== undefined) return launchType === 'FARGATE'
  const compatibilities = stringsAt(definition, 'requiresCompatibilities')
  return compatibilities.includes('FARGATE')
}
