import { createHash } from 'node:crypto'
import { canonicalJson } from '../image/fingerprint.ts'
import { parsePlatform, type Platform } from '../image/platform.ts'
import type { BuilderInputs } from '../inputs/inputs.ts'

/** The settings of a builder that we make ourselves. */
export type OwnBuilder = Extract<BuilderInputs, { kind: 'own' }>

/** A builder as `docker buildx inspect` tells it. */
export interface BuilderDescription {
  readonly driver: string
  /** Of all its nodes. */
  readonly platforms: readonly Platform[]
  /** What its nodes complain about. */
  readonly errors: readonly string[]
}

/** Reads the answer of `docker buildx inspect`: `Name: value` lines, first the builder's, then its nodes'. */
export function parseBuilder(text: string): BuilderDescription {
  const values = (name: string): readonly string[] =>
    text.split('\n').flatMap((line) => {
      const [key, value] = splitOnce(line)
      return key === name && value !== '' ? [value] : []
    })
  const platforms = values('Platforms')
    .flatMap((list) => list.split(','))
    // A star marks platforms that were given by hand.
    .flatMap((name) => parsePlatform(name.replaceAll('*', '')) ?? [])
  return {
    driver: values('Driver')[0] ?? '',
    platforms: [...new Set(platforms)],
    errors: values('Error'),
  }
}

function splitOnce(line: string): [string, string] {
  const colon = line.indexOf(':')
  return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
}

/**
 * The name of our builder: equal settings, equal name. One that is not kept is also named after its
 * run, so that runners which share an engine do not take away each other's.
 */
export function builderName(builder: OwnBuilder, run: string): string {
  const { driver, endpoint, driverOptions, keep } = builder
  const settings = {
    driver,
    endpoint: endpoint ?? null,
    driverOptions: [...driverOptions].sort(),
    run: keep ? null : run,
  }
  const hash = createHash('sha256').update(canonicalJson(settings)).digest('hex')
  return `steadyship-${hash.slice(0, 12)}`
}

/** The arguments of `docker` that make our builder. Its daemon gets no privileges that BuildKit does not ask for. */
export function createBuilderArguments(builder: OwnBuilder, name: string): readonly string[] {
  return [
    'buildx',
    'create',
    `--name=${name}`,
    `--driver=${builder.driver}`,
    ...builder.driverOptions.map((option) => `--driver-opt=${option}`),
    ...(builder.endpoint === undefined ? [] : ['--', builder.endpoint]),
  ]
}
