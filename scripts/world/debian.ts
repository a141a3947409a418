import { readFileSync } from 'node:fs'

/** Whether this is Debian itself: its derivatives have packages and archives of their own. */
export function isDebian(osRelease = readOsRelease()): boolean {
  return /^ID="?debian"?$/m.test(osRelease)
}

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    // Not even a Linux of the usual kind.
    return ''
  }
}
