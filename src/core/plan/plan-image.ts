import type { SourceFacts } from '../buildx/source.ts'
import { describeOrigin, hidesFact, withFingerprint } from '../image/annotations.ts'
import { fingerprint } from '../image/fingerprint.ts'
import type { PushedImage } from '../image/image.ts'
import { refuseFixedTags } from '../image/moving-tags.ts'
import { toPushedImage } from '../image/registry-image.ts'
import type { RepositoryFacts } from '../image/repository-facts.ts'
import { repositoryUri } from '../image/repository.ts'
import { decideReuse, type ReuseDecision } from '../image/reuse.ts'
import type { ImageIdentity } from '../image/tags.ts'
import type { BuildInputs } from '../inputs/inputs.ts'
import type { RunContext } from '../run-context.ts'
import type { BuildSpecification, ImagePlan } from './image-plan.ts'

/** All that decides one image. */
export interface ImagePlanBasis {
  readonly inputs: BuildInputs
  readonly context: RunContext
  readonly identity: ImageIdentity
  readonly source: SourceFacts
  readonly repository: RepositoryFacts
}

/**
 * Decides what is built and under which names, or that the registry has it already.
 * @throws ActionError `reuse-refused` where an immutable tag holds what is not proven the same,
 * `tag-immutable` where a moving tag cannot move.
 */
export function planImage(basis: ImagePlanBasis): ImagePlan {
  const { inputs, identity, source, repository } = basis
  const ingredients = {
    sourceTree: source.git?.tree,
    dockerfile: source.dockerfileText,
    ignoreFile: source.ignoreFileText,
    target: inputs.target,
    platforms: inputs.platforms,
    buildArguments: inputs.buildArguments,
    metadata: inputs.metadata,
    settings: inputs.settings,
  }
  const hash = fingerprint(ingredients)
  const decision = decide(basis, hash)
  if (decision.kind === 'refuse') throw decision.error
  const digest = decision.kind === 'reuse' ? decision.image.digest : undefined
  refuseFixedTags(identity.movingTags, repository, digest)
  const { commit, version, identityTags, movingTags } = identity
  return {
    repository: repository.repository,
    ...{ commit, version, identityTags, movingTags },
    build: specify(basis, hash),
    builder: inputs.builder,
    fingerprint: hash,
    existing: decision.kind === 'reuse' ? existingImage(basis, decision) : undefined,
    reason:
      decision.kind === 'reuse'
        ? 'the registry has it: same commit, build inputs and platforms'
        : decision.reason,
  }
}

function decide(basis: ImagePlanBasis, hash: string): ReuseDecision {
  const { inputs, context, identity, repository } = basis
  return decideReuse({
    repositoryUri: repositoryUri(repository.repository),
    mutability: repository.mutability,
    identityTags: identity.identityTags,
    existing: repository.existing,
    commit: identity.commit,
    fingerprint: hash,
    platforms: inputs.platforms,
    skipExisting: inputs.skipExisting,
    runAttempt: context.runAttempt,
    obstacles: obstaclesToProof(basis),
  })
}

/** What makes a build of the same inputs give something else, so that equal facts prove nothing. */
function obstaclesToProof({ inputs, context, source }: ImagePlanBasis): readonly string[] {
  const uncommitted = source.git?.uncommitted ?? []
  const { settings } = inputs
  const fromEnvironment = inputs.buildArguments.filter((argument) => !argument.includes('='))
  return [
    ...(context.eventName === 'schedule' ? ['a scheduled run builds anew'] : []),
    ...(inputs.noCache ? ['`no-cache` is set'] : []),
    ...(settings.noCacheFilters.length > 0 ? ['`no-cache-filters` is set'] : []),
    ...(settings.exporters.length > 0
      ? ['`outputs` asks for files, which only a build writes']
      : []),
    ...(inputs.pull ? ['`pull` is set'] : []),
    ...(source.git === undefined ? ['git does not tell what the context holds'] : []),
    ...uncommitted.slice(0, 1).map((path) => uncommittedText(path, uncommitted.length)),
    ...settings.buildContexts.flatMap(unprovenContext),
    ...fromEnvironment.map((name) => `build argument "${name}" comes from the environment`),
  ]
}

/** A further context that is neither an image nor a stage. */
function unprovenContext(context: string): readonly string[] {
  const [name = '', ...value] = context.split('=')
  return /^(docker-image:\/\/|target:)/.test(value.join('='))
    ? []
    : [`git does not tell what build context "${name}" holds`]
}

function uncommittedText(path: string, count: number): string {
  return count === 1
    ? `"${path}" in the context is not as committed`
    : `"${path}" and ${count - 1} more in the context are not as committed`
}

function specify(basis: ImagePlanBasis, hash: string): BuildSpecification {
  const { inputs, context, identity, source } = basis
  const origin = describeOrigin(context, identity, source.git?.committedAt)
  const annotations = inputs.metadata.annotations.filter((annotation) => !hidesFact(annotation))
  const onManifests = Object.fromEntries(
    annotations.flatMap(({ place, key, value }) => (place === 'manifest' ? [[key, value]] : [])),
  )
  return {
    contextDirectory: source.contextDirectory,
    dockerfile: source.dockerfile,
    target: inputs.target,
    buildArguments: inputs.buildArguments,
    platforms: inputs.platforms,
    noCache: inputs.noCache,
    pull: inputs.pull,
    labels: { ...origin, ...inputs.metadata.labels },
    annotations: withFingerprint({ ...origin, ...onManifests }, hash),
    furtherAnnotations: annotations.filter(({ place }) => place !== 'manifest'),
    settings: inputs.settings,
  }
}

function existingImage(
  { repository, identity }: ImagePlanBasis,
  { image, tags }: Extract<ReuseDecision, { kind: 'reuse' }>,
): PushedImage {
  return toPushedImage(image, {
    repository: repository.repository,
    tags,
    version: identity.version,
    commit: identity.commit,
    reused: true,
  })
}
