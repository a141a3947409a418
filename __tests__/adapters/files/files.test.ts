import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createFiles } from '../../../src/adapters/files/files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyship-test-'))
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

describe('readText', () => {
  const read = (name: string, maxBytes = 100): Promise<string> =>
    createFiles(folder).readText(join(folder, name), maxBytes)

  it('gives the text without a byte order mark', async () => {
    await writeFile(join(folder, 'a'), '\uFEFFFROM scratch — ä\n')
    expect(await read('a')).toBe('FROM scratch — ä\n')
  })

  it('takes a file of just the size that is allowed, and none larger', async () => {
    await writeFile(join(folder, 'a'), 'x'.repeat(100))
    expect(await read('a')).toHaveLength(100)
    await expect(read('a', 99)).rejects.toThrow('has more than 99 bytes')
  })

  it.each<[string, (path: string) => Promise<unknown> | undefined, string]>([
    ['nothing', () => undefined, 'does not exist'],
    ['a link', (path) => symlink('/etc/hostname', path), 'is a symbolic link'],
    ['a pipe that nobody writes to', (path) => make('mkfifo', path), 'is not a regular file'],
    ['a folder', (path) => make('mkdir', path), 'is not a regular file'],
  ])('refuses %s', async (_name, prepare, message) => {
    await prepare(join(folder, 'a'))
    await expect(read('a')).rejects.toMatchObject({
      code: 'file-unreadable',
      message: `"${join(folder, 'a')}" ${message}`,
    })
  })

  it('refuses a device', async () => {
    await expect(createFiles(folder).readText('/dev/zero', 10)).rejects.toThrow(
      'not a regular file',
    )
  })
})

describe('writeTemporary', () => {
  it('writes each file for this user alone, and none over another', async () => {
    const files = createFiles(folder)
    const [first, second] = [
      await files.writeTemporary('plan.json', '1'),
      await files.writeTemporary('plan.json', '2'),
    ]
    expect(first).not.toBe(second)
    expect(first.startsWith(folder)).toBe(true)
    expect((await stat(first)).mode & 0o777).toBe(0o600)
    expect(await files.readText(first, 10)).toBe('1')
  })
})

describe('isEmptyFolder', () => {
  it('holds of a folder with nothing in it, and of nothing else', async () => {
    const files = createFiles(folder)
    const path = join(folder, 'a')
    expect(await files.isEmptyFolder(path)).toBe(false)
    await files.makeFolder(path)
    expect(await files.isEmptyFolder(path)).toBe(true)
    await writeFile(join(path, '.hidden'), '')
    expect(await files.isEmptyFolder(path)).toBe(false)
    expect(await files.isEmptyFolder(join(path, '.hidden'))).toBe(false)
  })

  it('names a folder of which that cannot be told', async () => {
    const path = join(folder, 'circle')
    await symlink(path, path)
    await expect(createFiles(folder).isEmptyFolder(path)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining(`"${path}"`),
    })
  })
})

describe('makeFolder', () => {
  it('makes a folder and those above it, and takes one that is there', async () => {
    const path = join(folder, 'a', 'b')
    await createFiles(folder).makeFolder(path)
    await createFiles(folder).makeFolder(path)
    expect((await stat(path)).isDirectory()).toBe(true)
  })

  it('names the folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '')
    const path = join(folder, 'file', 'below')
    await expect(createFiles(folder).makeFolder(path)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining(`the folder "${path}" cannot be made: `),
    })
  })
})

describe('exists', () => {
  it('tells what is there', async () => {
    expect(await createFiles(folder).exists(folder)).toBe(true)
    expect(await createFiles(folder).exists(join(folder, 'none'))).toBe(false)
  })

  it('takes what lies below a file for absent', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(await createFiles(folder).exists(join(folder, 'file', 'below'))).toBe(false)
  })

  it('does not take for absent what cannot be looked at', async () => {
    const path = join(folder, 'loop')
    await symlink('loop', path)
    await expect(createFiles(folder).exists(path)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: `"${path}" is a symbolic link`,
    })
  })
})

function make(command: string, path: string): undefined {
  execFileSync(command, [path])
  return undefined
}
