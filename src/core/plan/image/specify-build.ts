import { markUnfetched, type SourceFacts } from '../../buildx/source.ts'
import {
  describeOrigin,
  hidesFact,
  withFingerprint,
  withObstacles,
} from '../../image/annotations.ts'
import { fingerprint } from '../../image/fingerprint.ts'
import type { ImageIdentity } from '../../image/naming/tags.ts'
import { isRemoteContext } from '../../inputs/build/context.ts'
import type { BuildInputs } from '../../inputs/inputs.ts'
import type { RunContext } from '../../run-context.ts'
import { contextSecrets } from './context-secrets.ts'
import type { BuildSpecification } from './image-plan.ts'
import { obstaclesToProof } from './obstacles.ts'

/** All that decides what is built, wherever it goes. */
export interface BuildBasis {
  readonly inputs: BuildInputs
  readonly context: RunContext
  readonly identity: ImageIdentity
  readonly source: SourceFacts
  readonly githubToken: string | undefined
}

/** The hash of everything that decides the content of the image. */
export function fingerprintOf({ inputs, source }: BuildBasis): string {
  return fingerprint({
    sourceTree:
      source.git?.tree ?? (isRemoteContext(inputs.context) ? source.contextDirectory : undefined),
    unfetched: source.git === undefined ? [] : markUnfetched(source.git),
    dockerfile: source.dockerfileText,
    ignoreFile: source.ignoreFileText,
    target: inputs.target,
    buildArguments: inputs.buildArguments,
    metadata: inputs.metadata,
    settings: inputs.settings,
  })
}

/** What buildx is to do. @param hash As {@link fingerprintOf} gives it; the image carries it. */
export function specifyBuild(basis: BuildBasis, hash: string): BuildSpecification {
  const { inputs, context, identity, source, githubToken } = basis
  const tokens = contextSecrets(inputs, context.serverUrl, githubToken)
  const origin = describeOrigin(context, identity, source.git?.committedAt)
  const annotations = inputs.metadata.annotations.filter((annotation) => !hidesFact(annotation))
  const onManifests = Object.fromEntries(
    annotations.flatMap(({ place, key, value }) => (place === 'manifest' ? [[key, value]] : [])),
  )
  const facts = withFingerprint({ ...origin, ...onManifests }, hash)
  return {
    contextDirectory: source.contextDirectory,
    dockerfile: source.dockerfile,
    target: inputs.target,
    buildArguments: inputs.buildArguments,
    platforms: inputs.platforms,
    noCache: inputs.noCache,
    pull: inputs.pull,
    labels: { ...origin, ...inputs.metadata.labels },
    annotations: withObstacles(facts, obstaclesToProof(basis)),
    furtherAnnotations: annotations.filter(({ place }) => place !== 'manifest'),
    settings: { ...inputs.settings, secrets: [...inputs.settings.secrets, ...tokens] },
  }
}
