import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { createFiles } from '../../../src/adapters/files/files.ts'
import { readTokenFile } from '../../../src/adapters/files/token-file.ts'

let workspace: string
beforeEach(async () => {
  workspace = await realpath(await mkdtemp(join(tmpdir(), 'steadyship-token-test-')))
  await writeFile(join(workspace, 'token'), 'header.payload.signature\n')
})
afterEach(async () => {
  await rm(workspace, { recursive: true })
})

const read = (path: string) => readTokenFile(path, { workspace, files: createFiles(workspace) })

describe('the token of a file', () => {
  it('is found in the workspace or by an absolute path, without the line break', async () => {
    expect(await read('token')).toBe('header.payload.signature')
    expect(await read(join(workspace, 'token'))).toBe('header.payload.signature')
  })

  it.each<[string, (path: string) => unknown, string]>([
    ['nothing', () => undefined, 'does not exist'],
    ['a folder', (path) => mkdir(path), 'is not a regular file'],
    ['a link', (path) => symlink('token', path), 'is a symbolic link'],
    ['a pipe nobody writes to', (path) => spawnSync('mkfifo', [path]), 'is not a regular file'],
    [
      'a file without end',
      (path) => writeFile(path, 'a'.repeat(20_001)),
      'has more than 20000 bytes',
    ],
    ['an empty file', (path) => writeFile(path, '\n'), 'is empty'],
    ['a file of several words', (path) => writeFile(path, 'two words'), 'holds more than a token'],
  ])('is not taken from %s', async (_what, make, reason) => {
    const path = join(workspace, 'made')
    await make(path)
    await expect(read('made')).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining(reason),
    })
  })

  it('is not taken from a device', async () => {
    await expect(read('/dev/zero')).rejects.toThrow('is not a regular file')
  })

  it('is not taken from a folder that cannot be looked at', async () => {
    const path = `${'a'.repeat(300)}/token`
    const files = { readText: () => Promise.resolve('header.payload.signature') }
    await expect(readTokenFile(path, { workspace, files })).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('cannot be opened: '),
    })
  })

  it('is not taken from a folder that is a link', async () => {
    await mkdir(join(workspace, 'real'))
    await writeFile(join(workspace, 'real', 'token'), 'header.payload.signature')
    await symlink('real', join(workspace, 'linked'))
    expect(await read('real/token')).toBe('header.payload.signature')
    await expect(read('linked/token')).rejects.toThrow('is in a folder that is a symbolic link')
  })
})
