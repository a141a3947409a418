import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const root = join(import.meta.dirname, '..', '..', '..')
/** What the scripts need to come as far as to miss something. */
const plain = ['dirname', 'mktemp', 'mkdir', 'rm', 'cut', 'tail', 'sha256sum', 'id']

describe('what CI cannot run', () => {
  let machine: string
  beforeEach(() => {
    machine = mkdtempSync(join(tmpdir(), 'steadyship-bare-machine-'))
    mkdirSync(join(machine, 'bin'))
    for (const program of plain) symlinkSync(pathOf(program), join(machine, 'bin', program))
    // The scripts start each other by this name.
    symlinkSync('/bin/bash', join(machine, 'bin', 'bash'))
  })
  afterEach(() => {
    rmSync(machine, { recursive: true })
  })

  function pathOf(program: string): string {
    return spawnSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim()
  }

  /** A script on a machine without Node, Python, Go and Docker. */
  function run(script: string, environment: NodeJS.ProcessEnv): SpawnSyncReturns<string> {
    return spawnSync('/bin/bash', [join(root, 'scripts', 'ci', script)], {
      encoding: 'utf8',
      env: { PATH: join(machine, 'bin'), HOME: machine, ...environment },
    })
  }

  const scripts = [...read('.ci/run').matchAll(/bash scripts\/ci\/([\w-]+\.sh)/g)].map(
    ([, name = '']) => name,
  )

  function read(path: string): string {
    return readFileSync(join(root, path), 'utf8')
  }

  it.each(scripts)('is told by %s and left out, and on GitHub it is red', (script) => {
    const here = run(script, {})
    expect(here.stdout).toMatch(/^left out: /m)
    expect(here.status).toBe(0)
    const there = run(script, { GITHUB_ACTIONS: 'true' })
    expect(there.stdout).toBe(here.stdout)
    expect(there.status).toBe(1)
  })

  it('is nothing of .ci/run on GitHub: ci.yml runs each of its scripts', () => {
    expect(scripts.length).toBeGreaterThan(3)
    const workflow = read('.github/workflows/ci.yml')
    const absent = scripts.filter((name) => !workflow.includes(`- run: scripts/ci/${name}\n`))
    expect(absent).toEqual([])
  })
})
