/** `1 min 05 s`, `12.3 s`: durations as people read them. */
export function formatSeconds(seconds: number): string {
  const tenths = seconds.toFixed(1)
  if (Number(tenths) < 60) return `${tenths} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}

/** `12.3 MB`; units of 1000, as registries count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  const power = units.findIndex((_unit, index) => Number(tenths(bytes, index)) < 1000)
  const index = power < 0 ? units.length - 1 : power
  return `${tenths(bytes, index)} ${units[index] ?? ''}`
}

function tenths(bytes: number, unit: number): string {
  return (bytes / 1000 ** (unit + 1)).toFixed(1)
}
