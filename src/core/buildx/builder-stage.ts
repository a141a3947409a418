import type { BuildSpecification } from '../plan/image/image-plan.ts'
import { csvFields } from './csv-fields.ts'
import { logicalLines } from './logical-lines.ts'

/** A stage of a Dockerfile. */
interface Stage {
  /** Its name, or its number where it has none. */
  readonly name: string
  readonly base: string | undefined
  readonly lines: readonly string[]
}

/**
 * The stage that the built stage takes most from: the one that it, or a stage that it stands on,
 * names last in a `COPY --from` or a `RUN --mount=from=`.
 * @param target `target`; undefined: the last stage is built.
 * @returns Its name, or its number where it has none; undefined where nothing is taken from a stage.
 */
export function builderStageOf(dockerfile: string, target: string | undefined): string | undefined {
  const stages = stagesOf(dockerfile)
  const built = target === undefined ? stages.at(-1) : stageCalled(target, stages)
  const shipped = built === undefined ? [] : withBases(built, stages)
  const sources = shipped.flatMap((stage) => {
    const earlier = stages.slice(0, stages.indexOf(stage))
    return stage.lines.flatMap(sourcesIn).flatMap((source) => stageCalled(source, earlier) ?? [])
  })
  return sources.findLast((source) => !shipped.includes(source))?.name
}

/** By name or number, as BuildKit finds it. */
function stageCalled(called: string, stages: readonly Stage[]): Stage | undefined {
  const name = called.toLowerCase()
  return stages.findLast((stage) => stage.name === name) ?? stages[/^\d+$/.test(name) ? +name : -1]
}

/** A stage behind those that it stands on, whose files it has, too. */
function withBases(stage: Stage, stages: readonly Stage[]): readonly Stage[] {
  const earlier = stages.slice(0, stages.indexOf(stage))
  const base = earlier.findLast(({ name }) => name === stage.base)
  return base === undefined ? [stage] : [...withBases(base, earlier), stage]
}

/** What a line of a Dockerfile takes files from: stages, contexts and images. */
function sourcesIn(line: string): readonly string[] {
  const [, copied] = /^\s*COPY\s(?:.*\s)?--from=("?)([\w.-]+)\1\s/i.exec(line)?.slice(1) ?? []
  if (copied !== undefined) return [copied]
  if (!/^\s*RUN\s/i.test(line)) return []
  const mounts = [...line.matchAll(/\s--mount=(\S+)/g)]
  return mounts.flatMap(
    ([, mount = '']) => /[,"]from=([\w.-]+)(?=[,"]|$)/.exec(`,${mount}`)?.[1] ?? [],
  )
}

function stagesOf(dockerfile: string): readonly Stage[] {
  const lines = logicalLines(dockerfile)
  const starts = lines.flatMap((line, index) => (/^\s*FROM\s/i.test(line) ? [index] : []))
  return starts.map((start, index) => {
    const words = (lines[start] ?? '').toLowerCase().trim().split(/\s+/)
    const [base, as, name] = words.slice(1).filter((word) => !word.startsWith('--'))
    return {
      name: as === 'as' && name !== undefined ? name : String(index),
      base,
      lines: lines.slice(start + 1, starts[index + 1]),
    }
  })
}

/**
 * The arguments of `docker` that export a stage as an OCI layout, out of the cache that the build has
 * just filled. What only a step needs that runs (secrets, SSH) is left out: should a step not be in
 * the cache, it fails, and nothing is measured.
 */
export function exportStageArguments(
  specification: BuildSpecification,
  stage: string,
  destination: { readonly builder: string; readonly directory: string },
): readonly string[] {
  const { settings, platforms } = specification
  const [platform] = platforms
  return [
    'buildx',
    'build',
    `--builder=${destination.builder}`,
    '--progress=plain',
    ...(platform === undefined ? [] : [`--platform=${platform}`]),
    `--file=${specification.dockerfile}`,
    `--target=${stage}`,
    ...specification.buildArguments.map((argument) => `--build-arg=${argument}`),
    ...settings.buildContexts.map((context) => `--build-context=${context}`),
    ...settings.addHosts.map((host) => `--add-host=${host}`),
    ...(settings.network === undefined ? [] : [`--network=${settings.network}`]),
    '--provenance=false',
    `--output=${csvFields(['type=oci', 'tar=false', `dest=${destination.directory}`])}`,
    specification.contextDirectory,
  ]
}
