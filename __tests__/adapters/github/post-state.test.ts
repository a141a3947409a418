import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { postState, readPostState } from '../../../src/adapters/github/post-state.ts'

const engine = '--host=unix:///var/run/docker.sock'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyship-state-test-'))
  await writeFile(join(folder, 'state'), '')
  process.env['GITHUB_STATE'] = join(folder, 'state')
})
afterEach(async () => {
  delete process.env['GITHUB_STATE']
  delete process.env['STATE_emulators']
  await rm(folder, { recursive: true })
})

/** What the runner hands to the post step of what was saved: the last value of the name. */
async function handOver(): Promise<void> {
  const text = await readFile(join(folder, 'state'), 'utf8')
  const values = [...text.matchAll(/^emulators<<(\S+)\n([^]*?)\n\1$/gm)]
  process.env['STATE_emulators'] = values.at(-1)?.[2] ?? ''
}

describe('emulators between main and post', () => {
  it('add up, and those that were not ours are forgotten', async () => {
    postState.saveEmulators(engine, ['qemu-aarch64', 'qemu-arm'])
    postState.saveEmulators('--context=other', ['qemu-arm'])
    postState.saveEmulators(engine, ['qemu-s390x', 'qemu-arm'])
    postState.forgetEmulators(engine, ['qemu-arm'])
    postState.forgetEmulators('--context=other', ['qemu-arm'])
    await handOver()
    expect([...readPostState().emulators]).toEqual([[engine, ['qemu-aarch64', 'qemu-s390x']]])
  })

  it.each(['', '[]', 'null', '{"--host=x":"all"}', '{'])('are none in %j', (state) => {
    process.env['STATE_emulators'] = state
    expect(readPostState().emulators.size).toBe(0)
  })
})
