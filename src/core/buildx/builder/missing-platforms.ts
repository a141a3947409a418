import type { Platform } from '../../image/platform.ts'

/** The platforms of `wanted` that none of `offered` can run. */
export function missingPlatforms(
  wanted: readonly Platform[],
  offered: readonly Platform[],
): readonly Platform[] {
  return wanted.filter((platform) => !offered.some((other) => runs(other, platform)))
}

/** The CPU's architecture in Go's spelling: `arm` of `linux/arm/v7`. */
export function architectureOf(platform: Platform): string {
  return platform.split('/')[1] ?? ''
}

export function operatingSystemOf(platform: Platform): string {
  return platform.split('/')[0] ?? ''
}

/** A later CPU of an architecture runs what is made for an earlier one, and never the other way. */
function runs(machine: Platform, wanted: Platform): boolean {
  if (machine === wanted) return true
  if (operatingSystemOf(machine) !== operatingSystemOf(wanted)) return false
  if (architectureOf(machine) !== architectureOf(wanted)) return false
  const [has, needs] = [levelOf(machine), levelOf(wanted)]
  return has !== undefined && needs !== undefined && has >= needs
}

/** What an architecture means without a variant (containerd/platforms, Normalize). */
const plainLevels: ReadonlyMap<string, number> = new Map([
  ['amd64', 1],
  ['arm', 7],
  ['arm64', 8],
])

/** @returns undefined for variants that have no order. */
function levelOf(platform: Platform): number | undefined {
  const [, architecture = '', variant] = platform.split('/')
  const plain = plainLevels.get(architecture)
  if (plain === undefined || variant === undefined) return plain
  const digits = /^v(\d+)$/.exec(variant)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
