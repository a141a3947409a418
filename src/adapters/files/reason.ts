import { errorCode } from '../system/error-code.ts'
import { isAbsent } from './if-there.ts'

/** Why a file cannot be had, as the rest of a sentence that begins with its path. */
export function reasonOf(error: unknown): string {
  if (isAbsent(error)) return 'does not exist'
  switch (errorCode(error)) {
    case 'ELOOP':
      return 'is a symbolic link'
    case 'EACCES':
      return 'may not be read'
    default:
      return `cannot be opened: ${String(error)}`
  }
}
