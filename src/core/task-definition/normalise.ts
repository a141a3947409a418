import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { responseOnlyMembers } from './render.ts'

/** Lists whose order means nothing to ECS, and the members that name their elements. */
export const namedLists: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    containerDefinitions: ['name'],
    environment: ['name'],
    secrets: ['name'],
    secretOptions: ['name'],
    ulimits: ['name'],
    volumes: ['name'],
    properties: ['name'],
    mountPoints: ['containerPath'],
    tmpfs: ['containerPath'],
    devices: ['hostPath', 'containerPath'],
    portMappings: ['containerPort', 'containerPortRange', 'protocol'],
    dependsOn: ['containerName', 'condition'],
    volumesFrom: ['sourceContainer'],
    systemControls: ['namespace'],
    extraHosts: ['hostname', 'ipAddress'],
    resourceRequirements: ['type', 'value'],
    placementConstraints: ['type', 'expression'],
  }),
)
const plainSets: ReadonlySet<string> = new Set(['requiresCompatibilities', 'add', 'drop'])

/** An empty list here may override the image's own; everywhere else it says nothing. */
const emptyMeansSomething: ReadonlySet<string> = new Set(['command', 'entryPoint'])

/**
 * What ECS fills in when it answers with a container (DescribeTaskDefinition, the field defaults of
 * ContainerDefinition, HealthCheck and PortMapping in the API reference).
 */
const containerDefaults: JsonObject = { cpu: 0, essential: true, versionConsistency: 'enabled' }
const healthCheckDefaults: JsonObject = { interval: 30, retries: 3, timeout: 5 }
const portDefaults: JsonObject = { protocol: 'tcp' }

/**
 * A task definition in the form in which equal ones are equal: without what only answers have,
 * without tags, nulls and empty lists, with ECS's defaults, sorted where order means nothing.
 */
export function normaliseTaskDefinition(definition: JsonObject): JsonObject {
  const members = Object.entries(definition).filter(
    ([name]) => !responseOnlyMembers.has(name) && name !== 'tags',
  )
  const plain = normaliseObject(Object.fromEntries(members))
  const { containerDefinitions, volumes, cpu, memory } = plain
  // With these network modes ECS makes the host port the container's (PortMapping.hostPort).
  const samePort = plain['networkMode'] === 'awsvpc' || plain['networkMode'] === 'host'
  return {
    ...plain,
    ...(Array.isArray(containerDefinitions) && {
      containerDefinitions: elements(containerDefinitions, (each) => fillContainer(each, samePort)),
    }),
    ...(Array.isArray(volumes) && { volumes: elements(volumes, fillVolume) }),
    ...(cpu !== undefined && { cpu: taskSize(cpu, /^([\d.]+)\s*vcpu$/i) }),
    ...(memory !== undefined && { memory: taskSize(memory, /^([\d.]+)\s*gb$/i) }),
  }
}

function fillContainer(container: JsonObject, samePort: boolean): JsonObject {
  const { healthCheck, portMappings } = container
  return {
    ...containerDefaults,
    ...container,
    ...(isJsonObject(healthCheck) && { healthCheck: { ...healthCheckDefaults, ...healthCheck } }),
    ...(Array.isArray(portMappings) && {
      portMappings: elements(portMappings, (mapping) => fillPort(mapping, samePort)),
    }),
  }
}

function fillPort(mapping: JsonObject, samePort: boolean): JsonObject {
  const { hostPort, ...filled } = { ...portDefaults, ...mapping }
  const dynamic = hostPort === undefined || hostPort === 0
  if (dynamic) return samePort ? { ...filled, hostPort: mapping['containerPort'] } : filled
  return { ...filled, hostPort }
}

/** A bind mount without a source comes back with an empty `host`. */
function fillVolume(volume: JsonObject): JsonObject {
  const { efsVolumeConfiguration: efs } = volume
  return isJsonObject(efs)
    ? { ...volume, efsVolumeConfiguration: { rootDirectory: '/', ...efs } }
    : volume
}

/** `1 vCPU` and `2 GB` are stored as 1024 units and 2048 MiB. */
function taskSize(value: Json, pattern: RegExp): Json {
  const [, count] = (typeof value === 'string' ? pattern.exec(value.trim()) : null) ?? []
  return count === undefined ? value : String(Math.round(Number(count) * 1024))
}

function normaliseObject(object: JsonObject): JsonObject {
  const members = Object.entries(object).flatMap(([name, value]) => {
    const normal = normaliseMember(name, value)
    return normal === undefined ? [] : [[name, normal] as const]
  })
  return Object.fromEntries(members.sort(([a], [b]) => compareText(a, b)))
}

function normaliseMember(name: string, value: Json | undefined): Json | undefined {
  if (value === undefined || value === null) return undefined
  if (Array.isArray(value)) return normaliseList(name, value)
  if (!isJsonObject(value)) return value
  const normal = normaliseObject(value)
  return Object.keys(normal).length === 0 ? undefined : normal
}

function normaliseList(name: string, list: readonly Json[]): Json | undefined {
  if (list.length === 0) return emptyMeansSomething.has(name) ? list : undefined
  const normal = list.map((element) => (isJsonObject(element) ? normaliseObject(element) : element))
  const named = namedLists.get(name)
  if (named !== undefined)
    return [...normal].sort((a, b) => compareText(key(a, named), key(b, named)))
  return plainSets.has(name)
    ? [...normal].sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)))
    : normal
}

function key(element: Json, names: readonly string[]): string {
  return isJsonObject(element) ? JSON.stringify(names.map((name) => element[name])) : ''
}

function elements(list: readonly Json[], fill: (element: JsonObject) => JsonObject): Json[] {
  return list.map((element) => (isJsonObject(element) ? fill(element) : element))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
