/** @param values At least one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const [low, high] = sorted.length % 2 === 1 ? [half, half] : [half - 1, half]
  return ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2
}

/** `name: median 100 (90 to 120)` */
export function report(name: string, values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)].map((ms) => ms.toFixed(0))
  return `${name}: median ${median(values).toFixed(0)} (${least ?? ''} to ${most ?? ''})`
}

/** The least value that `share` of all values do not exceed. @param values At least one. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
