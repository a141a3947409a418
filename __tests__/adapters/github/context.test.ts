import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { readInputValues, readRunContext } from '../../../src/adapters/github/context.ts'
import { untrustedReason } from '../../../src/core/guards/untrusted-event.ts'

describe("the run's context", () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'steadyship-context-test-'))
  })
  afterEach(async () => {
    await rm(directory, { recursive: true })
  })

  async function eventFile(text: string): Promise<string> {
    const path = join(directory, 'event.json')
    await writeFile(path, text)
    return path
  }

  it('is what the runner says', async () => {
    const path = await eventFile('{"repository":{"private":true}}')
    const context = readRunContext({
      GITHUB_EVENT_NAME: 'push',
      GITHUB_EVENT_PATH: path,
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
      GITHUB_RUN_ATTEMPT: '3',
      RUNNER_TEMP: directory,
    })
    expect(context).toMatchObject({
      eventName: 'push',
      event: { repository: { private: true } },
      repository: 'octo-org/octo-repo',
      runAttempt: 3,
      serverUrl: 'https://github.com',
      temporaryDirectory: directory,
    })
  })

  it.each([
    ['is cut short', '{"pull_request":'],
    ['is no object', '["pull_request"]'],
    ['is empty', ''],
  ])('of a pull request whose payload %s is not trusted', async (_what, text) => {
    const context = readRunContext({
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: await eventFile(text),
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
    })
    expect(context.event).toEqual({})
    expect(untrustedReason(context)).toContain('unknown')
  })

  it('has an empty event where the payload is missing, and counts attempts from 1', () => {
    const path = join(directory, 'nowhere.json')
    expect(readRunContext({ GITHUB_EVENT_PATH: path, GITHUB_RUN_ATTEMPT: 'x' })).toMatchObject({
      event: {},
      runAttempt: 1,
    })
  })
})

describe('input values', () => {
  it('are the INPUT_ variables by the names of action.yml, empty ones too', () => {
    const values = readInputValues({
      'INPUT_AWS-REGION': 'eu-central-1',
      INPUT_SERVICE: '',
      INPUT_: 'nameless',
      MY_INPUT_MODE: 'no',
      INPUT_MODE: undefined,
    })
    expect([...values]).toEqual([
      ['aws-region', 'eu-central-1'],
      ['service', ''],
    ])
  })
})
