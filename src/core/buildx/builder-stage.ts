import type { BuildSpecification } from '../plan/image/image-plan.ts'
import { csvFields } from './csv-fields.ts'

/** A stage of a Dockerfile, by its name or number. */
interface Stage {
  readonly name: string | undefined
  readonly lines: readonly string[]
}

/**
 * The stage that the built stage takes most from: the one that it names last in a `COPY --from`.
 * @param target `target`; undefined: the last stage is built.
 * @returns Its name, or its number where it has none; undefined where nothing is copied from a stage.
 */
export function builderStageOf(dockerfile: string, target: string | undefined): string | undefined {
  const stages = stagesOf(dockerfile)
  const wanted = target?.toLowerCase()
  const built =
    wanted === undefined ? stages.length - 1 : stages.findIndex(({ name }) => name === wanted)
  const sources = (stages[built]?.lines ?? []).flatMap((line) => {
    const [, source] = /^\s*COPY\s(?:.*\s)?--from=("?)([\w.-]+)\1\s/i.exec(line)?.slice(1) ?? []
    return source === undefined ? [] : source.toLowerCase()
  })
  return sources.findLast((source) =>
    stages.slice(0, built).some(({ name }, index) => source === (name ?? String(index))),
  )
}

/** Lines that go on behind a backslash are one; comments are none. */
function stagesOf(dockerfile: string): readonly Stage[] {
  const lines = dockerfile
    .split(/\r?\n/)
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\[ \t]*\n/g, ' ')
    .split('\n')
  const starts = lines.flatMap((line, index) => (/^\s*FROM\s/i.test(line) ? [index] : []))
  return starts.map((start, index) => ({
    name: /\sAS\s+([\w.-]+)\s*$/i.exec(lines[start] ?? '')?.[1]?.toLowerCase(),
    lines: lines.slice(start + 1, starts[index + 1]),
  }))
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
