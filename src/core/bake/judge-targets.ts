import { ActionError } from '../errors/action-error.ts'
import { parsePlatform, type Platform } from '../image/platform.ts'
import type { ImageIdentity } from '../image/naming/tags.ts'
import type { BakeInputs } from '../inputs/build/bake.ts'
import type { ReleaseInputs } from '../inputs/inputs.ts'
import { stringsAt } from '../json.ts'
import type { BakeTarget } from './definition.ts'
import { nameTarget, type NamedTarget } from './name-target.ts'
import { refuseTarget } from './refuse-target.ts'
import { isTrusted } from './trusted-registry.ts'

/** What the targets of a definition are held against. */
export interface BakeRules {
  readonly bake: BakeInputs
  /** The names that the rules give. */
  readonly identity: ImageIdentity
  readonly inputs: Pick<ReleaseInputs, 'build' | 'identity'>
  /** Absolute. */
  readonly workspace: string
  /** Who the run is. */
  readonly accountId: string
}

/** The targets of a definition that may be built. */
export interface JudgedTargets {
  readonly pushed: readonly {
    readonly named: NamedTarget
    readonly platforms: readonly Platform[]
  }[]
  readonly linked: readonly {
    readonly target: BakeTarget
    readonly platforms: readonly Platform[]
  }[]
  /** What is to be said of their names. */
  readonly notes: readonly string[]
}

/**
 * Judges a definition before anything is built of it.
 * @throws ActionError `bake-refused` with everything that speaks against any of its targets.
 */
export function judgeTargets(targets: readonly BakeTarget[], rules: BakeRules): JudgedTargets {
  const { inputs, workspace } = rules
  const { allow, ssh, secrets } = inputs.build.settings
  const sshIds = ssh.map((grant) => grant.split('=', 1).join(''))
  const accountIds = accountsOf(rules)
  const grantedVariables = secrets.flatMap((secret) =>
    secret.kind === 'variable' ? [secret.name] : [],
  )
  const limits = { workspace, allow, sshIds, grantedVariables, accountIds }
  const refusals = targets.flatMap((target) =>
    refuseTarget(target, limits).map((why) => `target "${target.name}": ${why}`),
  )
  const pushed: NamedTarget[] = []
  for (const target of targets.filter(({ wanted }) => wanted)) {
    const named = nameTarget(target, rules.identity, rules.bake.repository)
    if ('refusal' in named) refusals.push(`target "${target.name}": ${named.refusal}`)
    else pushed.push(named)
  }
  refusals.push(...foreignRegistries(pushed, accountIds), ...clashes(pushed))
  refusals.push(...targets.flatMap((target) => unknownPlatforms(target)))
  if (refusals.length > 0) throw refused(refusals)
  const platformsOf = (target: BakeTarget) => decidePlatforms(target, rules)
  return {
    pushed: pushed.map((named) => ({ named, platforms: platformsOf(named.target) })),
    linked: targets
      .filter(({ wanted }) => !wanted)
      .map((target) => ({ target, platforms: platformsOf(target) })),
    notes: [...new Set(pushed.flatMap(({ identity }) => identity.notes))],
  }
}

/** Those that are given, else the target's own, else the action's. */
function decidePlatforms(
  { members }: BakeTarget,
  { bake, inputs }: BakeRules,
): readonly Platform[] {
  const own = stringsAt(members, 'platforms').flatMap((text) => parsePlatform(text) ?? [])
  return bake.platforms ?? (own.length > 0 ? [...new Set(own)] : inputs.build.platforms)
}

function unknownPlatforms({ name, members }: BakeTarget): readonly string[] {
  return stringsAt(members, 'platforms')
    .filter((text) => parsePlatform(text) === undefined)
    .map((text) => `target "${name}": "${text}" is not a platform such as linux/arm64`)
}

/** The accounts that the user named, else the run's own and that of `repository`. */
function accountsOf({ inputs, bake, accountId }: BakeRules): readonly string[] {
  const { allowedAccountIds } = inputs.identity
  if (allowedAccountIds.length > 0) return allowedAccountIds
  const host = bake.repository?.host
  return [accountId, ...(host === undefined ? [] : [host.accountId])]
}

/** Tags of their own, in registries that are none of ours. */
function foreignRegistries(
  named: readonly NamedTarget[],
  accountIds: readonly string[],
): readonly string[] {
  return named.flatMap(({ target, repository }) => {
    const { host } = repository
    const isOwn = stringsAt(target.members, 'tags').length === 0
    return isOwn || host === undefined || isTrusted(repository, accountIds)
      ? []
      : [
          `target "${target.name}": its tags are on ${host.host}, which is no ECR registry of account ${accountIds.join(' or ')}; \`allowed-account-ids\` allows accounts`,
        ]
  })
}

/** Two images cannot have one name; without an identity tag they have a repository each. */
function clashes(named: readonly NamedTarget[]): readonly string[] {
  const owners = new Map<string, string>()
  return named.flatMap(({ target, repository, identity }) =>
    [...identity.identityTags, ...identity.movingTags].flatMap((tag) => {
      const reference = `${repository.host?.host ?? ''}/${repository.name}:${tag}`
      const owner = owners.get(reference)
      owners.set(reference, target.name)
      return owner === undefined
        ? []
        : [`targets "${owner}" and "${target.name}" both are ${reference}`]
    }),
  )
}

function refused(refusals: readonly string[]): ActionError {
  return new ActionError(
    'bake-refused',
    refusals.length === 1
      ? refusals.join('')
      : `${refusals.length} things are wrong with the bake files: ${refusals.join('; ')}`,
    'Correct the bake files, or override them with `bake-set`; nothing was built.',
  )
}
