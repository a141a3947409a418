/** Whether a process of this id is there; one that has ended and awaits its parent counts, too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
