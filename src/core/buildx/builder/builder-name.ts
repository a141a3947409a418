import { createHash } from 'node:crypto'

import { canonicalJson } from '../../image/fingerprint.ts'
import type { BuilderNode } from '../../inputs/build/builder-nodes.ts'
import type { OwnBuilder } from '../../inputs/build/builder.ts'
import type { Json } from '../../json.ts'

/** What {@link builderName} makes, and nothing else: only such builders are ever removed. */
export const ownBuilderName = /^steadyship-[0-9a-f]{12}$/

/**
 * The name of our builder: equal settings, equal name. One that is not kept is also named after its
 * run, so that runners which share an engine do not take away each other's.
 * @param run Identifies the run on its machine.
 */
export function builderName(builder: OwnBuilder, run: string): string {
  const settings: Json = {
    driver: builder.driver,
    endpoint: builder.endpoint ?? null,
    driverOptions: [...builder.driverOptions].sort(),
    buildkitdFlags: builder.buildkitdFlags ?? null,
    buildkitdConfig: builder.buildkitdConfig ?? null,
    // In order: nodes are numbered by it.
    nodes: builder.nodes.map(decisive),
    run: builder.keep ? null : run,
  }
  const hash = createHash('sha256').update(canonicalJson(settings)).digest('hex')
  return `steadyship-${hash.slice(0, 12)}`
}

function decisive(node: BuilderNode): Json {
  return {
    name: node.name ?? null,
    endpoint: node.endpoint,
    platforms: [...node.platforms].sort(),
    driverOptions: [...node.driverOptions].sort(),
    buildkitdFlags: node.buildkitdFlags ?? null,
  }
}
