import { constants } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ActionError } from '../../core/errors/action-error.ts'
import type { Files } from '../../ports/files.ts'
import { ifThere } from './if-there.ts'
import { reasonOf } from './reason.ts'

/** Files of the workspace, and of the job's temporary folder. */
export function createFiles(temporaryDirectory: string): Files {
  return {
    readText: readRegularFile,
    exists,
    isEmptyFolder,
    makeFolder,
    async writeTemporary(name, text) {
      const directory = await mkdtemp(join(temporaryDirectory, 'steadyship-'))
      const path = join(directory, name)
      await writeFile(path, text, { mode: 0o600, flag: 'wx' })
      return path
    },
  }
}

async function exists(path: string): Promise<boolean> {
  const found = await ifThere(stat(path)).catch((error: unknown) => {
    throw unreadable(path, reasonOf(error), error)
  })
  return found !== undefined
}

async function isEmptyFolder(path: string): Promise<boolean> {
  const names = await ifThere(readdir(path)).catch((error: unknown) => {
    throw unreadable(path, reasonOf(error), error)
  })
  return names?.length === 0
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw new ActionError(
      'file-unreadable',
      `the folder "${path}" cannot be made: ${String(error)}`,
      'Name a folder that this job may write, below $RUNNER_TEMP for example.',
      { cause: error },
    )
  })
}

async function readRegularFile(path: string, maxBytes: number): Promise<string> {
  // No link is followed and no pipe is waited for.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(path, flags).catch((error: unknown) => {
    throw unreadable(path, reasonOf(error), error)
  })
  try {
    const described = await file.stat()
    if (!described.isFile()) throw unreadable(path, 'is not a regular file')
    if (described.size > maxBytes) throw unreadable(path, `has more than ${maxBytes} bytes`)
    // One byte more than allowed: a file that grows in between is not cut in silence.
    const buffer = Buffer.alloc(maxBytes + 1)
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    if (bytesRead > maxBytes) throw unreadable(path, `has more than ${maxBytes} bytes`)
    return buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '')
  } finally {
    await file.close()
  }
}

function unreadable(path: string, reason: string, cause?: unknown): ActionError {
  return new ActionError(
    'file-unreadable',
    `"${path}" ${reason}`,
    'Check the path in the `with:` block; files must be in the workspace, so run actions/checkout before this step.',
    cause === undefined ? {} : { cause },
  )
}
