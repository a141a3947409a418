import { composeLinked, composeTarget } from '../../bake/compose-target.ts'
import { without, type BakeTarget } from '../../bake/definition.ts'
import type { NamedTarget } from '../../bake/name-target.ts'
import type { CacheStore } from '../../buildx/cache/store.ts'
import { markUnfetched, type SourceFacts } from '../../buildx/source.ts'
import { describeOrigin } from '../../image/annotations.ts'
import { canonicalJson, fingerprint } from '../../image/fingerprint.ts'
import type { Platform } from '../../image/platform.ts'
import type { EcrHost } from '../../image/repository/repository.ts'
import type { RepositoryFacts } from '../../image/repository/repository-facts.ts'
import type { BuildInputs } from '../../inputs/inputs.ts'
import { objectAt, stringAt, stringsAt, type JsonObject } from '../../json.ts'
import type { RunContext } from '../../run-context.ts'
import { cachesOf } from './add-caches.ts'
import { creationsOf } from './creations-of.ts'
import type { BakedImagePlan } from './image-plan.ts'
import { namesOf } from './names-of.ts'
import { obstaclesToProof, reasonsToBuild } from './obstacles.ts'
import { planReuse } from './plan-reuse.ts'
import type { BuildBasis } from './specify-build.ts'

/** A target, what it is built of, and for what. */
export interface BakeTargetFacts {
  readonly target: BakeTarget
  readonly source: SourceFacts
  readonly platforms: readonly Platform[]
}

/** A target that is pushed, and where. */
export interface PushedTargetFacts extends BakeTargetFacts, Pick<NamedTarget, 'identity'> {
  readonly repository: RepositoryFacts
}

/** All that decides the images of one run of bake. */
export interface BakeBasis {
  readonly inputs: BuildInputs
  readonly context: RunContext
  readonly cache: CacheStore
  readonly pullHosts: readonly EcrHost[]
  readonly pushed: readonly PushedTargetFacts[]
  /** Targets that the pushed ones are built upon. */
  readonly linked: readonly BakeTargetFacts[]
}

/**
 * Decides for each target whether it is built, and under which names; all that are come of one call.
 * @throws ActionError as {@link planReuse}.
 */
export function planBakedImages(basis: BakeBasis): readonly BakedImagePlan[] {
  const { inputs, pushed } = basis
  const made = pushed.map((facts) => ({
    facts,
    fingerprint: fingerprintOf(facts.target.name, basis),
    obstacles: toldOf(facts, basis, obstaclesToProof),
  }))
  const bake = {
    targets: composeAll(made, basis),
    settings: inputs.settings,
    workspace: basis.context.workspace,
  }
  return made.map(({ facts, fingerprint, obstacles }, index) => ({
    kind: 'bake',
    target: facts.target.name,
    bake,
    dockerfileText: facts.source.dockerfileText,
    repository: facts.repository.repository,
    ...namesOf(facts.identity),
    platforms: facts.platforms,
    ...planReuse(
      { ...basis, ...facts, copies: [] },
      {
        fingerprint,
        platforms: facts.platforms,
        obstacles: toldOf(facts, basis, reasonsToBuild),
      },
    ),
    fingerprint,
    obstacles,
    caches: cachesOf(buildBasis(facts, facts, basis), basis.cache, facts.repository.repository),
    creates: creationsOf(index === 0 ? [facts.repository, basis.cache] : [facts.repository]),
    pullHosts: basis.pullHosts,
    builder: inputs.builder,
    gates: inputs.gates,
    retries: inputs.retries,
  }))
}

/** A target that is pushed, and what its manifests say of what is in it. */
interface MadeTarget extends Pick<BakedImagePlan, 'fingerprint' | 'obstacles'> {
  readonly facts: PushedTargetFacts
}

/** All that take part, by name. */
function composeAll(
  made: readonly MadeTarget[],
  { inputs, context, linked }: BakeBasis,
): ReadonlyMap<string, JsonObject> {
  return new Map([
    ...linked.map(({ target: { name, members }, platforms }) => {
      return [name, composeLinked(members, { inputs, platforms })] as const
    }),
    ...made.map(({ facts, ...told }) => {
      const { target, identity, source, platforms } = facts
      const origin = describeOrigin(context, identity, source.git?.committedAt)
      return [
        target.name,
        composeTarget(target.members, { inputs, platforms, origin, ...told }),
      ] as const
    }),
  ])
}

/** A hash over everything that decides the content of a target, of those below it, too. */
function fingerprintOf(name: string, basis: BakeBasis): string {
  const parts = reach(name, [...basis.pushed, ...basis.linked]).map(({ target, source }) => {
    const unfetched = source.git === undefined ? [] : markUnfetched(source.git)
    return {
      members: contentOf(target.members),
      sourceTree: source.git?.tree ?? source.contextDirectory,
      ...(unfetched.length > 0 && { unfetched }),
      dockerfile: source.dockerfileText ?? null,
      ignoreFile: source.ignoreFileText ?? null,
    }
  })
  const { metadata, settings } = basis.inputs
  return fingerprint({
    sourceTree: undefined,
    unfetched: [],
    dockerfile: canonicalJson(parts),
    ignoreFile: undefined,
    target: name,
    buildArguments: [],
    ...{ metadata, settings },
  })
}

/** What can change an image: not where it goes, nor where its cache is. */
function contentOf(members: JsonObject): JsonObject {
  const elsewhere = ['output', 'tags', 'platforms', 'cache-from', 'cache-to', 'description']
  return without(members, ...elsewhere)
}

/** A target and all that it is built upon. */
function reach(
  name: string,
  all: readonly BakeTargetFacts[],
  seen = new Set<string>(),
): readonly BakeTargetFacts[] {
  const found = all.find(({ target }) => target.name === name)
  if (found === undefined || seen.has(name)) return []
  seen.add(name)
  const below = Object.values(objectAt(found.target.members, 'contexts')).flatMap((context) =>
    typeof context === 'string' && context.startsWith('target:')
      ? reach(context.slice('target:'.length), all, seen)
      : [],
  )
  return [found, ...below]
}

/** What is told of a target or of any that it is built upon, each once. */
function toldOf(
  facts: PushedTargetFacts,
  basis: BakeBasis,
  tell: (basis: BuildBasis) => readonly string[],
): readonly string[] {
  const all = reach(facts.target.name, [...basis.pushed, ...basis.linked])
  const told = all.flatMap((each) => tell(buildBasis(each, facts, basis)))
  return [...new Set(told)]
}

/** The target as a build of one image would be described. */
function buildBasis(
  { target, source, platforms }: BakeTargetFacts,
  { identity }: PushedTargetFacts,
  { inputs, context }: BakeBasis,
) {
  const { members } = target
  const contexts = Object.entries(objectAt(members, 'contexts'))
  const filters = stringsAt(members, 'no-cache-filter')
  const settings = {
    ...inputs.settings,
    buildContexts: contexts.map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : ''}`,
    ),
    noCacheFilters: [...inputs.settings.noCacheFilters, ...filters],
  }
  const described: BuildInputs = {
    ...{ ...inputs, settings, platforms, buildArguments: [] },
    context: stringAt(members, 'context') ?? '.',
    file: stringAt(members, 'dockerfile'),
    target: `${target.name}:${stringAt(members, 'target') ?? ''}`,
    noCache: inputs.noCache || members['no-cache'] === true,
    pull: inputs.pull || members['pull'] === true,
  }
  return { inputs: described, context, identity, source, githubToken: undefined }
}
