import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { parseInputs } from '../../src/core/inputs/parse-inputs.ts'
import { buildLocally } from '../../src/stages/publish/build-locally.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

let docker: RecordingDocker
let ports: BuildPorts
beforeEach(async () => {
  docker = await RecordingDocker.prepare()
  await writeFile(docker.path('workspace/Dockerfile'), 'FROM scratch\n')
  const base = buildPorts(docker, {
    environment: { ACTIONS_RUNTIME_TOKEN: 'token-of-the-job' },
    context: {
      eventName: 'pull_request',
      ref: 'refs/pull/7/merge',
      event: {
        repository: { default_branch: 'main' },
        pull_request: { base: { ref: 'main' }, head: { repo: { full_name: 'eve/shop' } } },
      },
    },
  })
  ports = { ...base, clock: { ...base.clock, now: () => new Date(0) } }
})
afterEach(async () => docker.remove())

async function build(given: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const values = new Map(Object.entries({ push: 'false', 'aws-region': 'us-east-1', ...given }))
  const { inputs } = parseInputs(values, { region: undefined })
  if (inputs.mode !== 'release' || inputs.publish !== undefined) throw new Error('it is pushed')
  await buildLocally(inputs, ports)
  const calls = await docker.calls()
  const { argv = [] } = calls.find((call) => call.argv[1] === 'build') ?? {}
  return argv.filter((argument) => /^--(cache|secret)/.test(argument))
}

describe("a build of a fork's pull request that is not pushed", () => {
  it("reads GitHub's cache of the branch that it aims at, and writes none", async () => {
    expect(await build({ cache: 'gha' })).toEqual([
      expect.stringMatching(/^--cache-from=type=gha,scope=cache-main-[0-9a-f]{16}$/),
    ])
    expect(ports.report.lines).toContain('cache: GitHub\'s cache: reads "main", writes none')
  })

  it("gets no token of the job for a context on the job's server", async () => {
    const given = { context: '{{defaultContext}}', 'github-token': 'token-of-the-job' }
    expect(await build(given)).toEqual([])
    expect(ports.report.everything).not.toContain('token-of-the-job')
  })

  it('has no cache in AWS, and says so', async () => {
    expect(await build({ cache: 'auto', 'cache-repository': 'team/cache' })).toEqual([])
    expect(ports.report.lines).toContain('cache: off, because this build has no AWS credentials')
  })

  it('leaves a cache in S3 out that is written out, because it has no credentials for it', async () => {
    const given = {
      'cache-from': 'type=s3,region=us-east-1,bucket=b\ntype=registry,ref=host/cache:1',
      'cache-to': 'type=s3,region=us-east-1,bucket=b',
    }
    expect(await build(given)).toEqual(['--cache-from=type=registry,ref=host/cache:1'])
    expect(ports.report.warnings).toEqual([
      'the cache in S3 is off: this build has no AWS credentials',
    ])
  })
})

describe('a build that is not pushed', () => {
  it('is not told to have pushed where a command of the Dockerfile says so', async () => {
    const told = 'process "/bin/sh -c ./publish" did not complete successfully: exit code: 1'
    await docker.play({
      buildError: `#7 [2/2] RUN ./publish\n#7 0.1 failed to push x\n#7 ERROR: ${told}\nERROR: failed to solve: ${told}`,
    })
    await expect(build({})).rejects.toMatchObject({
      code: 'build-failed',
      message: `step "[2/2] RUN ./publish" failed: ${told}`,
    })
  })
})
