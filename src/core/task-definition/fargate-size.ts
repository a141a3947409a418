const gib = 1024

/** CPU units to the memory they go with, in MiB: from, to, in steps of. */
const sizes: ReadonlyMap<number, readonly [from: number, to: number, step: number]> = new Map([
  [256, [0.5 * gib, 2 * gib, 0.5 * gib]],
  [512, [1 * gib, 4 * gib, gib]],
  [1024, [2 * gib, 8 * gib, gib]],
  [2048, [4 * gib, 16 * gib, gib]],
  [4096, [8 * gib, 30 * gib, gib]],
  [8192, [16 * gib, 60 * gib, 4 * gib]],
  [16384, [32 * gib, 120 * gib, 8 * gib]],
])
const largestCpu = Math.max(...sizes.keys())

/**
 * Whether Fargate has tasks of this size ("Task CPU and memory", Amazon ECS developer guide). More
 * CPU than the largest we know may exist by now: ECS decides.
 * @param cpu In CPU units, as a normalised task definition has it. @param memory In MiB.
 * @returns what is wrong and what there is, or undefined.
 */
export function findFargateMismatch(cpu: string, memory: string): string | undefined {
  const units = Number(cpu)
  const mib = Number(memory)
  if (Number.isNaN(units) || Number.isNaN(mib) || units > largestCpu) return undefined
  const range = sizes.get(units)
  if (range === undefined) {
    return `Fargate has no cpu ${cpu}; it has ${[...sizes.keys()].join(', ')}`
  }
  const [from, to, step] = range
  // 256 CPU units go with 512, 1024 and 2048, not with 1536.
  const known = mib >= from && mib <= to && mib % step === 0 && mib !== 1.5 * gib
  if (known) return undefined
  const allowed = units === 256 ? '512, 1024 or 2048' : `${from} to ${to} in steps of ${step}`
  return `Fargate has no memory ${memory} for cpu ${cpu}; it has ${allowed}`
}
