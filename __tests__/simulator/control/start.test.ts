import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { parseArguments } from '../../../simulator/control/arguments.ts'
import { startFromArguments, type Started } from '../../../simulator/control/start.ts'
import { refusal } from '../account.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'simulator-'))
})
afterEach(() => rm(directory, { recursive: true }))

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, text)
  return path
}

function start(...argv: readonly string[]): Promise<Started> {
  const parsed = parseArguments(['--port', '0', '--clock', 'virtual', ...argv])
  if (parsed.kind !== 'run') throw new TypeError('not a command line that runs')
  return startFromArguments(parsed.arguments)
}

describe('a start from the command line', () => {
  it('SEED-8 takes a seed and a fault plan, and throttling as the last word', async () => {
    const seed =
      'throttling: off\nclusters: [main]\nfaults: [{ call: "ecs:*", nth: 9, throttle: true }]\n'
    const { simulator } = await start(
      ...['--seed', await file('seed.yaml', seed), '--throttling', 'aws'],
      ...['--faults', await file('faults.json', '[{"call": "ecr:*", "stall": "before"}]')],
    )
    await simulator.close()
    expect(simulator.throttling.mode).toBe('aws')
    expect(simulator.faults.plan).toEqual([
      { call: 'ecs:*', nth: 9, throttle: true },
      { call: 'ecr:*', stall: 'before' },
    ])
  })

  it('SEED-8 tells what to export, GitHub’s API and a token for it among it', async () => {
    const { simulator, introduction } = await start()
    await simulator.close()
    expect(introduction).toContain(`export GITHUB_API_URL='${simulator.url}/github'\n`)
    expect(introduction).toContain(`export GITHUB_TOKEN='${simulator.github.token}'\n`)
  })

  it('FAULT-17 tells the line of a mistake in a fault plan', async () => {
    const plan = await file(
      'faults.yaml',
      '# a plan\nfaults:\n  - call: ecr:*\n    every: 0\n    empty: true\n',
    )
    expect((await refusal(start('--faults', plan))).text).toBe(
      `${plan} is not right:\n  line 4: faults[0].every is a whole number of 1 or more, not 0`,
    )
  })

  it('SEED-6 ends with status 2 and no stack when a file is not right or not there', async () => {
    const seed = await file('seed.yaml', 'clutsers: [main]\n')
    const run = (path: string): readonly [number | null, string] => {
      const argv = ['simulator/main.ts', '--port', '0', '--seed', path]
      const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' })
      return [status, stderr]
    }
    expect(run(seed)).toEqual([
      2,
      `simulator: ${seed} is not right:\n  line 1: clutsers is not known; did you mean 'clusters'?\n`,
    ])
    expect(run(join(directory, 'nothing.yaml'))).toEqual([
      2,
      expect.stringMatching(/^simulator: ENOENT: no such file or directory, open '[^\n]+'\n$/),
    ])
  })
})
