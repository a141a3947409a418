import type { Platform } from '../../image/platform.ts'
import { missingPlatforms } from './missing-platforms.ts'

/** A node of a builder, as far as it matters who builds what. */
export interface NodeOffer {
  readonly name: string
  /** What the user gave it to build; empty: whatever it can. */
  readonly given: readonly Platform[]
  /** What it reports, emulated platforms and all. */
  readonly offered: readonly Platform[]
}

/**
 * What nodes are to be given besides, so that each platform is built where the user put it. Buildx
 * heeds given platforms only where all that are wanted are given to somebody; else the first node
 * that offers one gets it, even if it emulates what a later node does natively (buildx,
 * build/resolver, from v0.13.1 to v0.36.1).
 * @returns by the name of the node; empty where nothing is contested.
 */
export function assignPlatforms(
  wanted: readonly Platform[],
  nodes: readonly NodeOffer[],
): ReadonlyMap<string, readonly Platform[]> {
  const given = nodes.flatMap((node) => node.given)
  const free = nodes.filter((node) => node.given.length === 0)
  const open = missingPlatforms(wanted, given)
  const settled = wanted.filter((platform) => !open.includes(platform))
  const contested = settled.some((platform) => free.some((node) => runs(node, platform)))
  if (!contested) return new Map()
  const assigned = new Map<string, readonly Platform[]>()
  for (const platform of open) {
    const name = free.find((node) => runs(node, platform))?.name
    if (name !== undefined) assigned.set(name, [...(assigned.get(name) ?? []), platform])
  }
  return assigned
}

function runs(node: NodeOffer, platform: Platform): boolean {
  return missingPlatforms([platform], node.offered).length === 0
}
