import { clientError } from '../refusals.ts'

/** The first and last memory in MiB for a cpu value, and the step between. */
type MemoryRange = readonly [from: number, to: number, step: number]

/** Fargate's table of task sizes, but for 256 CPU units, whose steps are not even. */
const memoryByCpu: ReadonlyMap<number, MemoryRange> = new Map<number, MemoryRange>([
  [512, [1024, 4096, 1024]],
  [1024, [2048, 8192, 1024]],
  [2048, [4096, 16_384, 1024]],
  [4096, [8192, 30_720, 1024]],
  [8192, [16_384, 61_440, 4096]],
  [16_384, [32_768, 122_880, 8192]],
])

const memoryFor256: readonly number[] = [512, 1024, 2048]

/** `256`, `.25 vCPU` or `1 vcpu` in CPU units. */
export function cpuUnits(cpu: string): number {
  const vcpu = /^([\d.]+)\s*vcpu$/i.exec(cpu.trim())?.[1]
  return vcpu === undefined ? Number(cpu) : Number(vcpu) * 1024
}

/** `512`, `1GB` or `0.5 gb` in MiB. */
export function memoryMiB(memory: string): number {
  const gigabytes = /^([\d.]+)\s*gb$/i.exec(memory.trim())?.[1]
  return gigabytes === undefined ? Number(memory) : Number(gigabytes) * 1024
}

function isFargateSize(cpu: number, memory: number): boolean {
  if (cpu === 256) return memoryFor256.includes(memory)
  const [from, to, step] = memoryByCpu.get(cpu) ?? []
  if (from === undefined || to === undefined || step === undefined) return false
  return memory >= from && memory <= to && (memory - from) % step === 0
}

/** Refuses a task size that Fargate does not offer. */
export function checkFargateSize(cpu: string | undefined, memory: string | undefined): void {
  if (cpu === undefined)
    throw clientError("Fargate requires that 'cpu' be defined at the task level.")
  if (memory === undefined) {
    throw clientError("Fargate requires that 'memory' be defined at the task level.")
  }
  if (!isFargateSize(cpuUnits(cpu), memoryMiB(memory))) {
    throw clientError('No Fargate configuration exists for given values.')
  }
}
