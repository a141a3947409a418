import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createProcesses } from '../../../src/adapters/process/processes.ts'
import { CommandUnavailable } from '../../../src/core/errors/command-unavailable.ts'
import type { ProcessRequest, ProcessResult } from '../../../src/ports/processes.ts'

const processes = createProcesses({
  PATH: process.env['PATH'],
  GITHUB_TOKEN: 'secret',
  KEPT: 'yes',
})
const forever = new AbortController().signal

/** Runs a script under this very Node. */
const script = (source: string, more: Partial<ProcessRequest> = {}): ProcessRequest => ({
  command: process.execPath,
  arguments: ['-e', source],
  ...more,
})
const run = (source: string, more: Partial<ProcessRequest> = {}): Promise<ProcessResult> =>
  processes.run(script(source, more), forever)

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadyship-test-'))
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

describe('a child', () => {
  it('ends with its exit code, its output and the lines of both streams', async () => {
    const lines: string[] = []
    const source = `process.stdout.write('out\\n'); process.stderr.write('one\\rtwo\\n'); process.exitCode = 3`
    const result = await run(source, { onLine: (line) => lines.push(line) })
    expect(result).toEqual({
      ...{ exitCode: 3, stdout: 'out\n', truncated: false },
      stderrTail: ['one', 'two'],
    })
    expect(lines.sort()).toEqual(['one', 'out', 'two'])
  })

  it('gets its input and the end of it', async () => {
    const result = await run(`process.stdin.pipe(process.stdout)`, { input: 'pass\nword' })
    expect(result.stdout).toBe('pass\nword')
  })

  it('may end without reading its input', async () => {
    const result = await run(`process.exit(4)`, { input: 'x'.repeat(1_000_000) })
    expect(result.exitCode).toBe(4)
  })

  it('sees the job less its secrets, and what the call adds', async () => {
    const source = `const { GITHUB_TOKEN = 'none', KEPT, ADDED } = process.env; console.log(GITHUB_TOKEN, KEPT, ADDED)`
    expect((await run(source, { environment: { ADDED: 'too' } })).stdout).toBe('none yes too\n')
  })

  it('gets its arguments as they are', async () => {
    const hostile = ['$(touch x)', '; exit 9', '"', "'", '\n', '--', '-e', '*']
    const request = script(`console.log(JSON.stringify(process.argv.slice(1)))`)
    const argv = [...request.arguments, '--', ...hostile]
    const result = await processes.run({ ...request, arguments: argv }, forever)
    expect(JSON.parse(result.stdout)).toEqual(hostile)
  })

  it('is bounded in what is kept of it, and that is told', async () => {
    const source = `process.stdout.write('x'.repeat(3e6)); for (let i = 0; i < 5000; i++) console.error(i)`
    const result = await run(source)
    expect(result.stdout).toHaveLength(1024 * 1024)
    expect(result.truncated).toBe(true)
    expect(result.stderrTail.at(-1)).toBe('4999')
    expect(result.stderrTail).toHaveLength(400)
  })

  it.each([
    [1024 * 1024, false],
    [1024 * 1024 + 1, true],
  ])('that writes %i characters is told as it is: truncated %p', async (length, truncated) => {
    const result = await run(`process.stdout.write('x'.repeat(${length}))`)
    expect(result).toMatchObject({ exitCode: 0, truncated })
    expect(result.stdout).toHaveLength(1024 * 1024)
  })

  it('that a signal ended has 128 and the number of the signal', async () => {
    expect((await run(`process.kill(process.pid, 'SIGTERM')`)).exitCode).toBe(143)
  })

  it.each([
    ['docker', 'docker-unavailable'],
    ['git', 'unexpected'],
  ])('that does not exist is told by name: %s', async (command, code) => {
    const ended = createProcesses({ PATH: folder }).run({ command, arguments: [] }, forever)
    await expect(ended).rejects.toBeInstanceOf(CommandUnavailable)
    await expect(ended).rejects.toMatchObject({
      ...{ code, message: `"${command}" was not found on PATH` },
      remedy: expect.stringContaining(`Install ${command}`),
    })
  })

  it('that may not be run is told with the reason', async () => {
    const command = join(folder, 'docker')
    await writeFile(command, 'text', { mode: 0o600 })
    await expect(processes.run({ command, arguments: [] }, forever)).rejects.toMatchObject({
      name: 'CommandUnavailable',
      message: expect.stringMatching(/cannot be run: .*EACCES/),
    })
  })

  it('is not told to be missing where its folder is', async () => {
    const workingDirectory = join(folder, 'gone')
    await expect(run('', { workingDirectory })).rejects.toMatchObject({
      code: 'file-unreadable',
      message: `"${process.execPath}" cannot be run in "${workingDirectory}": there is no such folder`,
    })
  })

  it('does not hold us up by a child of its own that keeps the streams open', async () => {
    const source = `
      const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: 'inherit' })
      console.log(child.pid)
      process.exit(0)`
    const result = await run(source)
    process.kill(Number(result.stdout), 'SIGKILL')
    expect(result.exitCode).toBe(0)
  })
})

describe('when the run is aborted', () => {
  /** Resolves when the kernel has ended a process that was killed; fails after a second. */
  const ended = async (pid: number): Promise<void> => {
    for (let look = 0; look < 100; look += 1) {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone) Z')
      if (/\) [ZX]/.test(stat)) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error(`process ${pid} lives on`)
  }

  it('ends the child and its children and rejects with the reason', async () => {
    const source = `
      const { spawn } = require('node:child_process')
      const stay = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')"
      const child = spawn(process.execPath, ['-e', stay], { stdio: ['ignore', 'inherit', 'inherit'] })
      console.log('pid ' + child.pid)
      setInterval(() => {}, 1000)`
    const abort = new AbortController()
    const reason = new Error('cancelled')
    let grandchild = 0
    const onLine = (line: string): void => {
      if (line.startsWith('pid ')) grandchild = Number(line.slice(4))
      if (line === 'up') abort.abort(reason)
    }
    await expect(processes.run(script(source, { onLine }), abort.signal)).rejects.toBe(reason)
    expect(grandchild).toBeGreaterThan(0)
    await ended(grandchild)
  })

  it('kills a child that ignores the request within 3 s', async () => {
    const abort = new AbortController()
    const started = performance.now()
    const onLine = (): void => abort.abort(new Error('cancelled'))
    const source = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')`
    await expect(processes.run(script(source, { onLine }), abort.signal)).rejects.toThrow(
      'cancelled',
    )
    expect(performance.now() - started).toBeLessThan(3_500)
  })

  it('starts no child any more', async () => {
    const marker = join(folder, 'marker')
    const request = { command: 'touch', arguments: [marker] }
    const aborted = AbortSignal.abort(new Error('cancelled'))
    await expect(processes.run(request, aborted)).rejects.toThrow('cancelled')
    await processes.run({ command: 'true', arguments: [] }, forever)
    await expect(readFile(marker)).rejects.toThrow('ENOENT')
  })
})
