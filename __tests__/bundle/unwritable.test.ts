import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const bundle = join(import.meta.dirname, '..', '..', 'dist', 'index.js')

describe('the bundle, where the runner has no file for what it writes', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'steadyship-unwritable-test-'))
    for (const name of ['output', 'state', 'summary']) await writeFile(join(directory, name), '')
  })
  afterEach(async () => {
    await rm(directory, { recursive: true })
  })

  /** The end of a run whose inputs are wrong: it writes outputs and summary, and asks nobody. */
  async function run(
    files: Record<string, string>,
  ): Promise<{ readonly exitCode: number | null; readonly lines: readonly string[] }> {
    const env = {
      GITHUB_OUTPUT: join(directory, 'output'),
      GITHUB_STATE: join(directory, 'state'),
      GITHUB_STEP_SUMMARY: join(directory, 'summary'),
      GITHUB_WORKSPACE: directory,
      RUNNER_TEMP: directory,
      INPUT_MODE: 'none',
      ...files,
    }
    return await new Promise((resolve) => {
      const child = execFile(process.execPath, [bundle], { env }, (_error, stdout, stderr) => {
        resolve({ exitCode: child.exitCode, lines: `${stdout}${stderr}`.trimEnd().split('\n') })
      })
    })
  }

  it('fails with a sentence and the outputs in the log, not with a stack', async () => {
    const { exitCode, lines } = await run({ GITHUB_OUTPUT: join(directory, 'nowhere') })
    expect(exitCode).toBe(1)
    expect(lines).toContain('outcome=refused')
    expect(lines.filter((line) => line.startsWith('::error'))).toEqual([
      expect.stringContaining('refused (invalid-inputs)'),
      expect.stringContaining('Steadyship (outputs-unwritable)::the outputs could not be written'),
    ])
    expect(lines.filter((line) => /^\s+at /.test(line))).toEqual([])
  })

  it('only warns where it is the summary', async () => {
    const { exitCode, lines } = await run({ GITHUB_STEP_SUMMARY: join(directory, 'nowhere') })
    expect(exitCode).toBe(1)
    expect(lines.filter((line) => line.startsWith('::warning'))).toEqual([
      expect.stringContaining('the job summary could not be written'),
    ])
    expect(await readFile(join(directory, 'output'), 'utf8')).toContain('refused')
  })
})
