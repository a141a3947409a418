const gib = 1024

/** In MiB. */
type MemoryRange = readonly [from: number, to: number, step: number]

/** CPU units to the memory they go with. */
const sizes: ReadonlyMap<number, MemoryRange> = new Map([
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
  return `Fargate has no memory ${memory} for cpu ${cpu}; it has ${describeMemory(units, range)}`
}

/** `cpu 256 with memory 512, 1024 or 2048; 512 with 1024 to 4096 in steps of 1024; …` */
export function describeFargateSizes(): string {
  const [first, ...others] = [...sizes].map(
    ([cpu, range]) => [cpu, describeMemory(cpu, range)] as const,
  )
  const named = first === undefined ? [] : [`cpu ${first[0]} with memory ${first[1]}`]
  return [...named, ...others.map(([cpu, memory]) => `${cpu} with ${memory}`)].join('; ')
}

function describeMemory(cpu: number, [from, to, step]: MemoryRange): string {
  return cpu === 256 ? '512, 1024 or 2048' : `${from} to ${to} in steps of ${step}`
}
