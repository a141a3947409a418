import { readBuilderNodes, type BuilderNode } from './builder-nodes.ts'
import type { InputReader } from '../reader.ts'

const drivers = ['docker-container', 'docker', 'remote', 'kubernetes'] as const

/** The builder of an image, and whether it may be helped by emulation. */
export type BuilderInputs = {
  /** The image that registers QEMU for the platforms a builder lacks; undefined: nothing is emulated. */
  readonly binfmtImage: string | undefined
} & BuilderChoice

type BuilderChoice =
  /** One that is there, by name; never changed and never removed. */
  | { readonly kind: 'existing'; readonly name: string }
  /** The one that every Docker engine has (`driver: docker`), of the current context. */
  | { readonly kind: 'engine' }
  | OwnBuilder

/** The settings of a builder that we make ourselves. */
export interface OwnBuilder {
  readonly kind: 'own'
  readonly driver: 'docker-container' | 'remote'
  /** Of its first node; undefined: the current Docker context. */
  readonly endpoint: string | undefined
  /** `key=value` each, of the first node. */
  readonly driverOptions: readonly string[]
  /** Arguments of buildkitd, as the user wrote them; buildx splits them. */
  readonly buildkitdFlags: string | undefined
  /** Text of the first node's buildkitd.toml. */
  readonly buildkitdConfig: string | undefined
  /** The nodes besides the first. */
  readonly nodes: readonly BuilderNode[]
  /** Whether it stays on this machine for the next run. */
  readonly keep: boolean
}

/** What says how a builder is made: of no use where none is. */
const makings = [
  'endpoint',
  'driver-opts',
  'buildkitd-flags',
  'buildkitd-config-inline',
  'append',
  'keep-builder',
] as const

/** Of `builder`, `driver` and everything that goes with them. */
export function readBuilder(reader: InputReader): BuilderInputs {
  const name = reader.parsed('builder', 'is not a builder name', (text) =>
    /^[a-zA-Z0-9][\w.-]*$/.test(text) ? text : undefined,
  )
  const binfmtImage = readBinfmtImage(reader)
  if (name !== undefined) {
    const what = `the existing builder "${name}"; leave one of the two out`
    rejectGiven(reader, ['driver', ...makings], what)
    return { kind: 'existing', name, binfmtImage }
  }
  const driver = reader.choice('driver', drivers)
  switch (driver) {
    case 'docker':
      rejectGiven(reader, makings, "`driver: docker`, which is the engine's own builder")
      return { kind: 'engine', binfmtImage }
    case 'kubernetes':
      reader.reject(
        'driver',
        'is for existing builders only; make one with `docker buildx create --driver kubernetes` and name it in `builder`',
      )
      return { kind: 'engine', binfmtImage }
    case 'docker-container':
    case 'remote':
      return { ...readOwn(reader, driver), binfmtImage }
  }
}

function readOwn(reader: InputReader, driver: OwnBuilder['driver']): OwnBuilder {
  const endpoint = reader.text('endpoint')
  if (driver === 'remote') {
    if (endpoint === undefined) {
      reader.reject(
        'endpoint',
        'is missing; the remote driver needs one such as tcp://builder:1234',
      )
    }
    const daemon = ['buildkitd-flags', 'buildkitd-config-inline'] as const
    rejectGiven(reader, daemon, '`driver: remote`, whose BuildKit runs already')
  }
  return {
    kind: 'own',
    driver,
    endpoint,
    driverOptions: reader.lines('driver-opts'),
    buildkitdFlags: reader.text('buildkitd-flags'),
    buildkitdConfig: reader.text('buildkitd-config-inline'),
    nodes: readBuilderNodes(reader, { driver, endpoint }),
    keep: reader.boolean('keep-builder'),
  }
}

function rejectGiven(reader: InputReader, inputs: readonly string[], what: string): void {
  for (const input of inputs) {
    if (reader.given(input)) reader.reject(input, `has no effect on ${what}`)
  }
}

function readBinfmtImage(reader: InputReader): string | undefined {
  const emulation = reader.choice('emulation', ['auto', 'off'])
  const image = reader.parsed('binfmt-image', 'is not an image reference', (text) =>
    /^[a-z0-9][\w.:/@-]*$/.test(text) ? text : undefined,
  )
  if (emulation === 'auto') return image
  if (reader.given('binfmt-image')) {
    reader.reject('binfmt-image', 'has no effect with `emulation: off`; leave one of the two out')
  }
  return undefined
}
