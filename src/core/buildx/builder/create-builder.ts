import type { Platform } from '../../image/platform.ts'
import type { BuilderNode } from '../../inputs/build/builder-nodes.ts'
import type { OwnBuilder } from '../../inputs/build/builder.ts'
import { tlsOptions, type TlsFiles } from './node-tls.ts'

/** What a node needs of this run's files. */
export interface NodeFiles {
  readonly tls: TlsFiles | undefined
  /** Path of a buildkitd.toml. */
  readonly buildkitdConfig: string | undefined
}

/** The arguments of `docker` that make our builder with its first node. */
export function createBuilderArguments(
  builder: OwnBuilder,
  name: string,
  { tls, buildkitdConfig }: NodeFiles,
): readonly string[] {
  const { driver, driverOptions, buildkitdFlags, endpoint } = builder
  return [
    ...['buildx', 'create', `--name=${name}`, `--driver=${driver}`],
    ...nodeArguments({ driverOptions, buildkitdFlags, tls }),
    // The older of its two names, which every buildx knows.
    ...(buildkitdConfig === undefined ? [] : [`--config=${buildkitdConfig}`]),
    ...(endpoint === undefined ? [] : ['--', endpoint]),
  ]
}

/** The arguments of `docker` that add one node. */
export function appendNodeArguments(
  builder: string,
  nodeName: string,
  node: BuilderNode,
  tls: TlsFiles | undefined,
): readonly string[] {
  const { driverOptions, buildkitdFlags, platforms, endpoint } = node
  return [
    ...['buildx', 'create', `--name=${builder}`, '--append', `--node=${nodeName}`],
    ...nodeArguments({ driverOptions, buildkitdFlags, tls }),
    ...(platforms.length === 0 ? [] : [`--platform=${platforms.join(',')}`]),
    ...['--', endpoint],
  ]
}

/** The arguments of `docker` that give a node platforms to build; what it has besides is repeated. */
export function givePlatformsArguments(
  builder: string,
  nodeName: string,
  node: Pick<OwnBuilder, 'endpoint' | 'buildkitdFlags'>,
  platforms: readonly Platform[],
): readonly string[] {
  const { endpoint, buildkitdFlags } = node
  return [
    ...['buildx', 'create', `--name=${builder}`, `--node=${nodeName}`],
    ...nodeArguments({ driverOptions: [], buildkitdFlags, tls: undefined }),
    `--platform=${platforms.join(',')}`,
    ...(endpoint === undefined ? [] : ['--', endpoint]),
  ]
}

/** The name of the node at `index`; 0 is the first one, which buildx names likewise. */
export function nodeNameOf(builder: string, node: BuilderNode, index: number): string {
  return node.name ?? `${builder}${index}`
}

function nodeArguments(node: {
  readonly driverOptions: readonly string[]
  readonly buildkitdFlags: string | undefined
  readonly tls: TlsFiles | undefined
}): readonly string[] {
  const options = [...node.driverOptions, ...(node.tls === undefined ? [] : tlsOptions(node.tls))]
  return [
    ...options.map((option) => `--driver-opt=${option}`),
    ...(node.buildkitdFlags === undefined ? [] : [`--buildkitd-flags=${node.buildkitdFlags}`]),
  ]
}
