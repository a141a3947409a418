import { join } from 'node:path'

import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'

import { Workspace } from '../../scripts/demo/workspace.ts'
import { actionDirectory } from '../../scripts/verify-aws/preconditions.ts'
import { plannedRuns } from '../../scripts/verify-aws/runs.ts'
import { Job } from '../../simulator/github/runner/job.ts'
import { replay, type Replay } from '../../simulator/traces/replay.ts'
import type { TracedRun } from '../../simulator/traces/trace.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import { ecsExchange, traceOf } from './exchange.ts'
import { fixture } from './fixture.ts'

jest.setTimeout(60_000)

const preload = join(import.meta.dirname, '..', 'support', 'virtual-time.mjs')

/** Runs the bundle as it was run when `traced` was recorded, with the trace in the place of AWS. */
async function run(traced: TracedRun, server: Replay, docker: RecordingDocker) {
  const workspace = new Workspace(docker.path('workspace'))
  for (const { name, arrange } of plannedRuns) {
    arrange(workspace)
    if (name === traced.name) break
  }
  const planned = plannedRuns.find(({ name }) => name === traced.name)
  const job = await Job.start({
    directory: docker.path('temporary'),
    workspace: workspace.directory,
    nodePath: process.execPath,
    github: { repository: 'octo-org/hello', sha: traced.commit, ...planned?.github },
    event: { repository: { private: true } },
    environment: {
      ...docker.environment,
      ...server.environment,
      AWS_SECRET_ACCESS_KEY: '',
      NODE_OPTIONS: `--import=${preload}`,
      VIRTUAL_TIME_URL: server.url,
    },
  })
  return job.runAction({ actionDirectory, inputs: traced.inputs })
}

describe('the bundle on a recorded trace', () => {
  it.each(fixture.runs.map((traced) => [traced.name, traced] as const))(
    'ends the %s as it did when it was recorded',
    async (_name, traced) => {
      const server = await replay(traced)
      const registryUrl = server.url
      const docker = await RecordingDocker.prepare({ registryUrl, reportedDigest: traced.digest })
      try {
        const { outputs, annotations } = await run(traced, server, docker)
        const writes = /:(?:Register|Update|Put|Tag)/
        expect(server.unasked().filter((call) => writes.test(call))).toEqual([])
        const seen = { outcome: outputs['outcome'], digest: outputs['digest'] ?? '' }
        expect({ ...seen, unexpected: server.unexpected, annotations }).toMatchObject({
          outcome: traced.outcome,
          digest: traced.digest,
          unexpected: [],
        })
      } finally {
        await server.close()
        await docker.remove()
      }
    },
  )
})

describe('a replay', () => {
  let server: Replay
  let ecs: ECSClient
  beforeEach(async () => {
    const look = (name: string, status: string) =>
      ecsExchange('DescribeServices', { services: [name] }, { services: [{ status }] })
    const trace = traceOf(
      look('a', 'first of a'),
      look('b', 'first of b'),
      look('a', 'second of a'),
    )
    const [traced] = trace.runs
    server = await replay(traced ?? { ...emptyRun })
    ecs = new ECSClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      maxAttempts: 1,
    })
  })
  afterEach(async () => {
    ecs.destroy()
    await server.close()
  })

  const ask = async (name: string) => {
    const { services } = await ecs.send(new DescribeServicesCommand({ services: [name] }))
    return services?.[0]?.status
  }

  it('answers each question in the order of its answers, and then the last one again', async () => {
    expect(await ask('b')).toBe('first of b')
    expect(await ask('a')).toBe('first of a')
    expect(server.unasked()).toEqual(['ecs:DescribeServices'])
    expect(await ask('a')).toBe('second of a')
    expect(await ask('a')).toBe('second of a')
    expect(await ask('b')).toBe('first of b')
    expect([server.unasked(), server.unexpected]).toEqual([[], []])
  })

  it('refuses a write that was never recorded, and notes it', async () => {
    const update = new UpdateServiceCommand({ service: 'a' })
    await expect(ecs.send(update)).rejects.toThrow('the trace has no ecs:UpdateService left')
    expect(server.unexpected).toEqual(['ecs:UpdateService'])
  })
})

const emptyRun: TracedRun = {
  ...{ name: '', commit: '', inputs: {}, outcome: '', digest: '' },
  exchanges: [],
}
