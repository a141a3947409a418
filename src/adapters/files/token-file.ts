import { lstat } from 'node:fs/promises'
import { dirname } from 'node:path'

import { ActionError } from '../../core/errors/action-error.ts'
import { pathIn } from '../../core/path-in.ts'
import type { Files } from '../../ports/files.ts'
import { ifThere } from './if-there.ts'
import { reasonOf } from './reason.ts'

/** What STS takes as a token at most (AWS STS API reference, `WebIdentityToken`). */
const longestToken = 20_000

/**
 * Reads a token as it stands in its file now. Neither the file nor its folder may be a link: who
 * can write to the workspace could point it at any file of the machine, and have it sent.
 * @param path A relative one is below `workspace`.
 * @throws ActionError `file-unreadable`.
 */
export async function readTokenFile(
  path: string,
  { workspace, files }: { readonly workspace: string; readonly files: Pick<Files, 'readText'> },
): Promise<string> {
  const file = pathIn(workspace, path)
  const folder = await ifThere(lstat(dirname(file))).catch((error: unknown) => {
    throw refused(path, reasonOf(error), error)
  })
  if (folder?.isSymbolicLink() === true)
    throw refused(path, 'is in a folder that is a symbolic link')
  const token = (await files.readText(file, longestToken)).trim()
  if (token === '') throw refused(path, 'is empty')
  // It is masked and sent as it is: what has blanks inside is no token.
  if (/\s/.test(token)) throw refused(path, 'holds more than a token')
  return token
}

function refused(path: string, reason: string, cause?: unknown): ActionError {
  return new ActionError(
    'file-unreadable',
    `"${path}" ${reason}`,
    'Name the regular file that holds the token in `web-identity-token-file`.',
    cause === undefined ? {} : { cause },
  )
}
