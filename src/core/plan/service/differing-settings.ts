import { settingInputs, type ServiceSettings } from '../../inputs/deploy/service-settings.ts'
import { isJsonObject, objectsAt, stringAt, type Json, type JsonObject } from '../../json.ts'

/** What DescribeServices answers, or leaves out, where nothing was ever said. */
const defaults: JsonObject = { propagateTags: 'NONE', enableECSManagedTags: false }

/**
 * The inputs whose settings are not so yet. What AWS fills in beside what was asked for is no
 * difference.
 * @param service As DescribeServices answers it.
 */
export function differingSettings(
  settings: ServiceSettings,
  service: JsonObject,
): readonly string[] {
  return Object.entries(settings).flatMap(([member, asked]: [string, Json]) =>
    isMet(member, asked, service) ? [] : [inputOf(member)],
  )
}

function inputOf(member: string): string {
  return new Map<string, string>(Object.entries(settingInputs)).get(member) ?? member
}

function isMet(member: string, asked: Json, service: JsonObject): boolean {
  if (member === 'capacityProviderStrategy') {
    const live = objectsAt(service, member).map(withDefaults).toSorted(byProvider)
    const wanted = objectsAt({ asked }, 'asked').map(withDefaults).toSorted(byProvider)
    return holds(live, wanted)
  }
  // ECS tells volumes of a deployment, not of the service.
  const [primary = {}] = objectsAt(service, 'deployments').filter(
    (deployment) => stringAt(deployment, 'status') === 'PRIMARY',
  )
  const teller = member === 'volumeConfigurations' ? primary : service
  return holds(teller[member] ?? defaults[member], asked)
}

function withDefaults(item: JsonObject): JsonObject {
  return { base: 0, weight: 0, ...item }
}

function byProvider(one: JsonObject, other: JsonObject): number {
  const [a = '', b = ''] = [one, other].map((item) => stringAt(item, 'capacityProvider'))
  return a < b ? -1 : Number(a > b)
}

/** Whether everything that was asked for is so. */
function holds(live: Json | undefined, asked: Json | undefined): boolean {
  if (isJsonObject(asked)) {
    const members = Object.entries(asked)
    return isJsonObject(live) && members.every(([name, value]) => holds(live[name], value))
  }
  if (!Array.isArray(asked)) return live === asked
  const wanted: readonly Json[] = asked
  const there: readonly Json[] = Array.isArray(live) ? live : []
  return there.length === wanted.length && wanted.every((each, i) => holds(there[i], each))
}
