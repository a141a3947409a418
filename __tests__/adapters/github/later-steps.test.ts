import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import {
  clearExportedCredentials,
  exportCredentials,
} from '../../../src/adapters/github/later-steps.ts'

const variables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION']
const credentials = {
  accessKeyId: 'ASIA',
  secretAccessKey: 'secret',
  sessionToken: 'token',
  region: 'eu-central-1',
}

let directory: string
let before: NodeJS.ProcessEnv
beforeEach(async () => {
  before = { ...process.env }
  directory = await mkdtemp(join(tmpdir(), 'steadyship-later-steps-test-'))
  for (const name of ['GITHUB_ENV', 'GITHUB_STATE']) {
    process.env[name] = join(directory, name)
    await writeFile(join(directory, name), '')
  }
  for (const name of [...variables, 'AWS_DEFAULT_REGION']) Reflect.deleteProperty(process.env, name)
})
afterEach(async () => {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name)
  Object.assign(process.env, before)
  await rm(directory, { recursive: true })
})

/** Name and value of what a file of the runner was given. */
async function written(file: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(directory, file), 'utf8')
  const entries = text.matchAll(/^(.+)<<(ghadelimiter_.+)\n([\s\S]*?)\n?\2$/gm)
  return Object.fromEntries([...entries].map(([, name = '', , value = '']) => [name, value]))
}

describe('credentials for later steps', () => {
  it('are handed on with the region, and leave this process who it was', async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAOWN'
    exportCredentials(credentials)
    expect(await written('GITHUB_ENV')).toEqual({
      AWS_ACCESS_KEY_ID: 'ASIA',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
    })
    expect(variables.map((name) => process.env[name])).toEqual([
      'AKIAOWN',
      undefined,
      undefined,
      undefined,
    ])
  })

  it('take away a session token of the job where they have none', async () => {
    process.env['AWS_SESSION_TOKEN'] = 'of other keys'
    const { accessKeyId, secretAccessKey, region } = credentials
    exportCredentials({ accessKeyId, secretAccessKey, region })
    expect(await written('GITHUB_ENV')).toHaveProperty('AWS_SESSION_TOKEN', '')
  })

  it('leave to the job, before and after, what it has already', async () => {
    process.env['AWS_REGION'] = 'eu-central-1'
    exportCredentials(credentials)
    expect(await written('GITHUB_ENV')).not.toHaveProperty('AWS_REGION')
    const { 'exported-variables': names = '' } = await written('GITHUB_STATE')
    expect(names).not.toMatch(/AWS_REGION/)
    expect(names).not.toMatch(/secret|token/)
    process.env['STATE_exported-variables'] = names
    expect(clearExportedCredentials()).toEqual([...variables.slice(0, 3), 'AWS_DEFAULT_REGION'])
    expect(await written('GITHUB_ENV')).toMatchObject({ AWS_SECRET_ACCESS_KEY: '' })
  })

  it.each([undefined, '', 'PATH,NODE_OPTIONS'])(
    'are not cleared by the state %j',
    async (state) => {
      if (state !== undefined) process.env['STATE_exported-variables'] = state
      expect(clearExportedCredentials()).toEqual([])
      expect(await written('GITHUB_ENV')).toEqual({})
    },
  )
})
