import { parseRepositoryReference } from '../image/repository/repository.ts'
import { isRemoteContext } from '../inputs/build/context.ts'
import type { Attributes } from '../inputs/build/elements.ts'
import { objectAt, stringAt, stringsAt, type JsonObject } from '../json.ts'
import { isWithheld } from '../withheld-variables.ts'
import { entriesAt, fieldOf, type BakeTarget } from './definition.ts'
import { isOutside, sourceOf } from './paths.ts'
import { sourcesOfSecret } from './secret-sources.ts'
import { isTrusted } from './trusted-registry.ts'

/** What a definition may ask for. */
export interface BakeLimits {
  /** Absolute. */
  readonly workspace: string
  /** The entitlements that the inputs allow. */
  readonly allow: readonly string[]
  /** The ssh ids that the inputs grant. */
  readonly sshIds: readonly string[]
  /** Variables that the inputs grant although children do not get them unasked. */
  readonly grantedVariables: readonly string[]
  /** The accounts whose registries it may write to. */
  readonly accountIds: readonly string[]
}

type Rule = (members: JsonObject, limits: BakeLimits) => readonly string[]

/**
 * The members of buildx 0.38 (docker/buildx, bake/bake.go: Target; `inherits`, `matrix` and the like are
 * worked out). `policy` is one that has a rule against it.
 */
const known = new Set([
  ...['annotations', 'args', 'attest', 'cache-from', 'cache-to', 'call', 'context', 'contexts'],
  ...['description', 'dockerfile', 'dockerfile-inline', 'entitlements', 'extra-hosts', 'labels'],
  ...['network', 'no-cache', 'no-cache-filter', 'output', 'platforms', 'policy', 'pull'],
  ...['resources', 'secret', 'shm-size', 'ssh', 'tags', 'target', 'ulimits'],
])

const rules: readonly Rule[] = [
  refuseUnknown,
  refuseOutputs,
  refuseSources,
  refuseSecrets,
  refuseSsh,
  refuseCaches,
  refuseCall,
  refuseEntitlements,
  refusePolicy,
]

/**
 * What keeps a target from being built. A bake file comes with the source, from whoever wrote that:
 * it must not write to this machine, push elsewhere, or read what lies outside of the workspace.
 * @returns one clause for each, without the target's name.
 */
export function refuseTarget(target: BakeTarget, limits: BakeLimits): readonly string[] {
  return rules.flatMap((rule) => rule(target.members, limits))
}

/** What is not known cannot be judged. */
function refuseUnknown(members: JsonObject): readonly string[] {
  return Object.keys(members)
    .filter((name) => !known.has(name))
    .map((name) => `member "${name}" is not known here`)
}

/** `cacheonly` writes nothing, and `image` is replaced by the push of ours. */
function refuseOutputs(members: JsonObject): readonly string[] {
  return entriesAt(members, 'output').flatMap((output) => {
    const type = fieldOf(output, 'type')
    return type !== undefined && ['image', 'registry', 'cacheonly'].includes(type)
      ? []
      : [`output ${show(output)} is no image that is pushed`]
  })
}

function refuseSources(members: JsonObject, { workspace }: BakeLimits): readonly string[] {
  const { context, file, inline } = sourceOf(members, workspace)
  const isLocal = !isRemoteContext(context) && inline === undefined
  const own = isForeignContext(stringAt(members, 'context') ?? '.', workspace)
    ? [`context "${context}" is outside of the workspace`]
    : isLocal && isOutside(file, workspace)
      ? [`dockerfile "${file}" is outside of the workspace`]
      : []
  const further = Object.entries(objectAt(members, 'contexts')).filter(
    ([, value]) => typeof value !== 'string' || isForeignContext(value, workspace),
  )
  return [...own, ...further.map(([name]) => `context "${name}" is outside of the workspace`)]
}

/** Images, other targets and remote sources are fetched by BuildKit; all else is a path. */
function isForeignContext(context: string, workspace: string): boolean {
  if (/^(docker-image|target|service):/.test(context)) return false
  const layout = /^oci-layout:\/\/(.*?)([@:][^/]*)?$/.exec(context)?.[1]
  if (layout === undefined && isRemoteContext(context) && !context.startsWith('cwd://'))
    return false
  return isOutside(layout ?? context, workspace)
}

/** A build that writes a cache may have a token or credentials that are for buildx alone. */
function refuseSecrets(members: JsonObject, limits: BakeLimits): readonly string[] {
  const { workspace, grantedVariables } = limits
  return entriesAt(members, 'secret').flatMap((secret) => {
    const { paths, variables } = sourcesOfSecret(secret)
    if (paths.some((path) => isOutside(path, workspace))) {
      return [`secret ${show(secret)} is a file outside of the workspace`]
    }
    return variables
      .filter((name) => isWithheld(name) && !grantedVariables.includes(name))
      .map((name) => `secret "${name}" is not granted; the input \`secret-envs\` grants it`)
  })
}

/** An agent opens whatever its keys do; whoever wants that says so in the workflow. */
function refuseSsh(members: JsonObject, { sshIds }: BakeLimits): readonly string[] {
  return entriesAt(members, 'ssh').flatMap((entry) => {
    const [id = ''] = entry.map(([key, value]) => (key === '' || key === 'id' ? value : key))
    return sshIds.includes(id) ? [] : [`ssh "${id}" is not granted; the input \`ssh\` grants it`]
  })
}

/** Where a cache is kept on this machine, or opened with what the job has, the inputs say so. */
function refuseCaches(
  members: JsonObject,
  { workspace, accountIds }: BakeLimits,
): readonly string[] {
  const written = entriesAt(members, 'cache-to').filter((cache) => {
    const type = typeOfCache(cache)
    return type !== 'inline' && !(type === 'registry' && isOurs(refOf(cache), accountIds))
  })
  const read = entriesAt(members, 'cache-from').filter((cache) => {
    const type = typeOfCache(cache)
    const path = fieldOf(cache, 'src')
    return !(
      type === 'registry' ||
      (type === 'local' && path !== undefined && !isOutside(path, workspace))
    )
  })
  const why = 'is neither inline nor in ECR of an account of ours; the input `cache` takes it'
  return [
    ...written.map((cache) => `cache-to ${show(cache)} ${why}`),
    ...read.map((cache) => `cache-from ${show(cache)} is not in a registry; the input takes it`),
  ]
}

/** A lone reference is one in a registry. */
function typeOfCache(cache: Attributes): string {
  return fieldOf(cache, 'type') ?? 'registry'
}

function refOf(cache: Attributes): string {
  return fieldOf(cache, 'ref') ?? fieldOf(cache, '') ?? ''
}

function isOurs(reference: string, accountIds: readonly string[]): boolean {
  const parsed = parseRepositoryReference(reference.replace(/[:@][^/]*$/, ''))
  return parsed !== undefined && isTrusted(parsed, accountIds)
}

function refuseCall(members: JsonObject): readonly string[] {
  const call = stringAt(members, 'call') ?? 'build'
  return call === 'build' ? [] : [`call "${call}" builds nothing`]
}

/** The host's network is an entitlement, which buildx gives to whoever sets it (build/opt.go). */
function refuseEntitlements(members: JsonObject, { allow }: BakeLimits): readonly string[] {
  const network = stringAt(members, 'network') === 'host' ? ['network.host'] : []
  const wanted = new Set([...stringsAt(members, 'entitlements'), ...network])
  return [...wanted]
    .filter((name) => !allow.includes(name))
    .map((name) => `entitlement "${name}" is not allowed; the input \`allow\` allows it`)
}

/** It decides over what a build may fetch, with files that are read besides, and can switch itself off. */
function refusePolicy(members: JsonObject): readonly string[] {
  return members['policy'] === undefined
    ? []
    : ['"policy" decides what a build may fetch, and the source does not say that; take it out']
}

function show(entry: Attributes): string {
  return JSON.stringify(
    entry.map(([key, value]) => (key === '' ? value : `${key}=${value}`)).join(),
  )
}
