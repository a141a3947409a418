import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'

import { plantSeed } from '../../../simulator/seed/seed.ts'
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts'

// The AWS CLI takes a second for each command, and more on a busy machine.
jest.setTimeout(120_000)

const root = join(import.meta.dirname, '..', '..', '..')
const run = promisify(execFile)
const missing = ['aws', 'curl'].filter((program) => spawnSync(program, ['--version']).status !== 0)
const described = missing.length === 0 ? describe : describe.skip
if (missing.length > 0) {
  process.stderr.write(`walkthrough.test.ts: skipped, this machine has no ${missing.join(', ')}\n`)
}

described('the walk through a deploy in simulator/README.md', () => {
  let simulator: Simulator
  let environment: NodeJS.ProcessEnv
  beforeAll(async () => {
    simulator = await startSimulator()
    const administrator = simulator.iam.addUser({ name: 'administrator' })
    const path = join(root, 'examples', 'simulator', 'seed.yaml')
    await plantSeed(await readFile(path, 'utf8'), path, simulator, administrator)
    environment = {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      ...simulator.environment,
      AWS_ACCESS_KEY_ID: administrator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
    }
  })
  afterAll(() => simulator.close())

  it('SEED-9 works in the AWS CLI, command after command', async () => {
    const text = await readFile(join(root, 'simulator', 'README.md'), 'utf8')
    const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
    expect(blocks).toHaveLength(3)
    const told: string[] = []
    for (const block of blocks) {
      const { stdout } = await run('bash', ['-ec', block], { env: environment })
      told.push(stdout)
    }
    const [reads = '', deploy = '', controls = ''] = told
    expect(reads).toContain('v1.0.0')
    expect(deploy).toContain('task-definition/api:3')
    expect(controls).toContain('the first answer to RegisterTaskDefinition is lost')
    expect(simulator.faults.plan).toEqual([])
    const { taskDefinitionArns } = JSON.parse(
      (await run('aws', ['ecs', 'list-task-definitions'], { env: environment })).stdout,
    ) as { readonly taskDefinitionArns: readonly string[] }
    expect(taskDefinitionArns).toHaveLength(3)
  })
})
