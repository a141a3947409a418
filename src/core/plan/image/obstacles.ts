import { readsGitRecords } from '../../buildx/git-records.ts'
import type { SourceFacts, UnprovenFiles } from '../../buildx/source.ts'
import { isRemoteContext } from '../../inputs/build/context.ts'
import type { RunContext } from '../../run-context.ts'
import type { BuildBasis } from './specify-build.ts'

/** Why what is there does not do: it is not proven the same, or more than the image is asked for. */
export function reasonsToBuild(basis: BuildBasis): readonly string[] {
  const { load, settings } = basis.inputs
  return [
    ...freshnessAsked(basis),
    ...obstaclesToProof(basis),
    ...(settings.exporters.length > 0
      ? ['`outputs` asks for files, which only a build writes']
      : []),
    ...(load ? ['`load` is set, and only a build brings the image into the engine'] : []),
  ]
}

/** Why an image is to be new, whatever is there; it is as good as any other once it is built. */
export function freshnessAsked({ inputs, context }: BuildBasis): readonly string[] {
  return [
    ...freshnessOfRun(context),
    ...(inputs.noCache ? ['`no-cache` is set'] : []),
    ...(inputs.settings.noCacheFilters.length > 0 ? ['`no-cache-filters` is set'] : []),
    ...(inputs.pull ? ['`pull` is set'] : []),
  ]
}

/** Why commit and fingerprint do not tell what is in the image, now and for ever. */
export function obstaclesToProof({ inputs, source }: BuildBasis): readonly string[] {
  const fromEnvironment = inputs.buildArguments.filter((argument) => !argument.includes('='))
  return [
    ...(isRemoteContext(inputs.context)
      ? ['the context is remote']
      : source.git === undefined
        ? ['git does not tell what the context holds']
        : []),
    ...(source.git === undefined ? [] : unprovenFiles(source.git)),
    ...recordsRead(source),
    ...inputs.settings.buildContexts.flatMap(unprovenContext),
    ...fromEnvironment.map((name) => `build argument "${name}" comes from the environment`),
  ]
}

/** Those of {@link freshnessAsked} that hold whatever a run builds. */
export function freshnessOfRun({ eventName }: Pick<RunContext, 'eventName'>): readonly string[] {
  return eventName === 'schedule' ? ['a scheduled run builds anew'] : []
}

/** A further context that is neither an image nor a stage. */
function unprovenContext(context: string): readonly string[] {
  const [name = '', ...value] = context.split('=')
  return /^(docker-image:\/\/|target:)/.test(value.join('='))
    ? []
    : [`git does not tell what build context "${name}" holds`]
}

function unprovenFiles(git: UnprovenFiles): readonly string[] {
  return [
    ...tellFiles(git.uncommitted, ['is not as committed', 'are not as committed']),
    ...tellFiles(git.unwatched, ['is hidden from git', 'are hidden from git']),
    ...tellFiles(git.filtered, ['comes through a git filter', 'come through git filters']),
  ]
}

/** The first of them, and how many there are. */
function tellFiles(
  paths: readonly string[],
  [singular, plural]: readonly [string, string],
): readonly string[] {
  return paths
    .slice(0, 1)
    .map((path) =>
      paths.length === 1
        ? `"${path}" in the context ${singular}`
        : `"${path}" and ${paths.length - 1} more in the context ${plural}`,
    )
}

function recordsRead({ git, dockerfileText = '' }: SourceFacts): readonly string[] {
  return git?.sendsRecords === true && readsGitRecords(dockerfileText)
    ? ['the Dockerfile reads `.git`, which holds more than the commit']
    : []
}
