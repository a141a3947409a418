import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { Job } from '../../../simulator/github/runner/job.ts'
import type { JobOptions } from '../../../simulator/github/runner/job.ts'

const fixture = (name: string): string =>
  join(dirname(fileURLToPath(import.meta.url)), 'fixtures', name)

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'runner-'))
})
afterEach(() => rm(directory, { recursive: true }))

const start = (options: Partial<JobOptions> = {}): Promise<Job> =>
  Job.start({
    directory,
    workspace: directory,
    nodePath: process.execPath,
    github: { ref: 'refs/tags/v1.2.3', token: 'ghs_secret' },
    event: { forced: false },
    environment: { PATH: '/usr/bin' },
    patience: { interruptMs: 100, terminateMs: 100, streamsMs: 100 },
    ...options,
  })

describe('a step of a job', () => {
  it('gets its inputs, defaults, context and event, and nothing else of this process', async () => {
    const run = await (
      await start()
    ).runAction({
      actionDirectory: fixture('whole'),
      inputs: { 'Image-Tags': '' },
    })
    expect(run.conclusion).toBe('success')
    expect(run.outputs).toMatchObject({
      greeting: 'Hello, world',
      tags: '',
      attempts: '3',
      token: 'ghs_secret',
      ref: 'v1.2.3 tag false',
      shared: ' /usr/bin',
      variables: 'CI PATH',
      directory: 'true none',
      long: 'first\na=b',
    })
  })

  it('leaves its annotations, groups, summary and log, secrets masked', async () => {
    const run = await (await start()).runAction({ actionDirectory: fixture('whole') })
    expect(run.groups).toEqual(['Work'])
    expect(run.log).toEqual(expect.arrayContaining(['##[group]Work', 'using ***', '##[endgroup]']))
    expect(run.summary).toBe('# Done with ***\n')
    expect(run.annotations).toEqual([
      { level: 'error', message: 'no\ngood', title: 'Bad: thing', file: 'a.ts', line: 3 },
      {
        level: 'error',
        message: "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.",
      },
    ])
    expect(run.log.join('\n')).not.toMatch(/hunter22|ghs_secret/)
  })

  it('hands exported variables and paths to the next one, and its state to its own post', async () => {
    const job = await start()
    const first = await job.runAction({ actionDirectory: fixture('whole') })
    const inputs = { 'who to greet': 'you' }
    const second = await job.runAction({ actionDirectory: fixture('whole'), inputs })
    expect(second.outputs.shared).toBe('from main /opt/second:/opt/first:/usr/bin')
    expect((await job.runPost(second))?.log).toEqual([
      'Post job cleanup.',
      'post of /tmp/x for you',
    ])
    expect((await job.runPost(first))?.log).toContain('post of /tmp/x for world')
    expect(await readdir(join(directory, '_temp', '_runner_file_commands'))).toEqual([])
  })

  it('warns of an input that is unknown or deprecated, and passes it on', async () => {
    const run = await (
      await start()
    ).runAction({
      actionDirectory: fixture('whole'),
      inputs: { old: '1', typo: '2' },
    })
    const messages = run.annotations.map(({ message }) => message)
    expect(messages).toContain("Input 'old' has been deprecated with message: use image-tags")
    expect(messages.find((message) => message.startsWith('Unexpected'))).toMatch(
      /^Unexpected input\(s\) 'typo', valid inputs are \['who to greet', 'image-tags', /,
    )
  })

  it('fails with its exit code, and so does the job, though a later step succeeds', async () => {
    const job = await start()
    const environment = { EXIT_CODE: '3' }
    const run = await job.runAction({ actionDirectory: fixture('whole'), environment })
    expect([run.conclusion, run.exitCode]).toEqual(['failure', 3])
    await job.runAction({ actionDirectory: fixture('whole') })
    expect(job.status).toBe('failure')
  })

  it('exports no job output that holds a secret', async () => {
    const job = await start()
    const { outputs } = await job.runAction({ actionDirectory: fixture('whole') })
    const { token = '', greeting = '', tags = '' } = outputs
    expect(job.exportOutputs({ token, greeting, tags })).toEqual({
      outputs: { greeting: 'Hello, world' },
      warnings: ["Skip output 'token' since it may contain secret."],
    })
  })
})

describe('a cancelled step', () => {
  it.each([
    ['SIGINT', '', ['SIGINT'], 1],
    ['SIGTERM', 'SIGINT', ['SIGINT', 'SIGTERM'], 1],
    ['SIGKILL', 'SIGINT,SIGTERM', ['SIGINT', 'SIGTERM'], 137],
  ])('ends with %s when it ignores "%s"', async (signalled, ignores, seen, exitCode) => {
    const controller = new AbortController()
    const show = (line: string): void => {
      if (line === 'waiting') controller.abort()
    }
    const job = await start({ show })
    const step = {
      actionDirectory: fixture('patient'),
      inputs: { ignores },
      cancelled: controller.signal,
    }
    const run = await job.runAction(step)
    expect(run).toMatchObject({ conclusion: 'cancelled', signalled, exitCode })
    expect(run.log.filter((line) => line.startsWith('SIG'))).toEqual(seen)
    expect((await job.runPost(run))?.log).toContain('cleaned up')
  })

  it('has no post when its post-if asks for another status', async () => {
    const controller = new AbortController()
    const job = await start()
    const step = { actionDirectory: fixture('patient'), cancelled: controller.signal }
    controller.abort()
    const run = await job.runAction(step)
    const fresh = await start()
    expect(await fresh.runPost(run)).toBeUndefined()
  })
})

describe('hostile text', () => {
  const print = async (text: string) =>
    (await start()).runAction({ actionDirectory: fixture('hostile'), inputs: { text } })
  const names = (run: Awaited<ReturnType<typeof print>>) => run.commands.map(({ name }) => name)

  it('is executed when it hides a legacy command in a line, or behind a bare carriage return', async () => {
    const run = await print('#9 0.1 ##[set-output name=digest]forged\n10%\r::add-mask::AWS\nAWS\n')
    expect(names(run)).toEqual(['set-output', 'add-mask'])
    expect(run.outputs).toEqual({ digest: 'forged' })
    expect(run.log).toContain('***')
  })

  it('is only text between stop-commands and its token', async () => {
    const run = await print(
      '::stop-commands::t0ken-t0ken\n::error::x\n##[save-state name=a]b\n::t0ken-t0ken::\n::warning::y\n',
    )
    expect(names(run)).toEqual(['stop-commands', 'warning'])
    expect(run.state).toEqual({})
    expect(run.log).toContain('::error::x')
  })

  it.each(['', 'error', 'pause-logging'])(
    'cannot stop commands with the token "%s"',
    async (token) => {
      const run = await print(`::stop-commands::${token}\n::warning::seen\n`)
      expect(run.conclusion).toBe('failure')
      expect(run.annotations.at(-1)).toEqual({ level: 'warning', message: 'seen' })
    },
  )

  it('cannot set variables by a command', async () => {
    const run = await print('::set-env name=LD_PRELOAD::/tmp/x.so\n')
    expect(run.conclusion).toBe('failure')
    expect(run.annotations[1]?.message).toMatch('The `set-env` command is disabled.')
  })

  it('that names a property of every object is no command', async () => {
    expect(names(await print('::constructor::x\n::__proto__::x\n##[toString]x\n'))).toEqual([])
  })

  it('in an output file fails the step, and the pairs before it count', async () => {
    const inputs = { mode: 'output', text: 'a=1\njunk\n' }
    const run = await (await start()).runAction({ actionDirectory: fixture('hostile'), inputs })
    expect([run.conclusion, run.outputs]).toEqual(['failure', { a: '1' }])
    expect(run.annotations[0]?.message).toBe(
      "Unable to process file command 'output' successfully.",
    )
  })

  it('over 1 MiB makes no summary', async () => {
    const inputs = { mode: 'summary' }
    const run = await (await start()).runAction({ actionDirectory: fixture('hostile'), inputs })
    expect([run.conclusion, run.summary]).toEqual(['success', ''])
    expect(run.annotations[0]?.message).toMatch('supports content up to a size of 1024k, got 1024k')
  })

  it('may not even be there: a step that removed its file has no outputs', async () => {
    const inputs = { mode: 'remove' }
    const run = await (await start()).runAction({ actionDirectory: fixture('hostile'), inputs })
    expect([run.conclusion, run.outputs]).toEqual(['success', {}])
  })
})
