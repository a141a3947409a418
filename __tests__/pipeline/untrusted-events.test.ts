import { writeFile } from 'node:fs/promises'

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import { modes, type Mode } from '../../src/core/inputs/mode.ts'
import { parseInputs } from '../../src/core/inputs/parse-inputs.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { runPipeline } from '../../src/pipeline.ts'
import { buildPorts, type BuildPorts } from '../support/build-ports.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

const role = { 'role-to-assume': 'arn:aws:iam::123456789012:role/deployer' }
const digest = `sha256:${'a'.repeat(64)}`

/** What each mode needs at least. */
const given: Readonly<Record<Mode, Readonly<Record<string, string>>>> = {
  release: { repository: 'team/web', service: 'web' },
  build: { repository: 'team/web' },
  merge: { repository: 'team/web', digests: digest },
  deploy: { service: 'web', image: digest, repository: 'team/web' },
  rollback: { service: 'web' },
  run: { 'task-definition-family': 'migrate' },
  continue: { service: 'web', 'hook-action': 'continue' },
}

const pull = (fullName: string | null): JsonObject => ({
  repository: { private: true },
  pull_request: { head: { repo: fullName === null ? null : { full_name: fullName } } },
})
const after = (fullName: string): JsonObject => ({
  workflow_run: { head_repository: { full_name: fullName } },
})

const untrusted: readonly (readonly [string, string, JsonObject])[] = [
  ['pull_request_target', "of the repository's own branch", pull('octo/shop')],
  ['pull_request_target', 'of a fork', pull('eve/shop')],
  ['pull_request', 'of a fork', pull('eve/shop')],
  ['pull_request', 'of a deleted fork', pull(null)],
  ['pull_request_review', 'of a fork', pull('eve/shop')],
  ['workflow_run', 'of a fork', after('eve/shop')],
  ['workflow_run', 'of nobody knows what', {}],
]
const trusted: readonly (readonly [string, string, JsonObject])[] = [
  ['push', 'to a branch', {}],
  ['workflow_dispatch', 'by hand', {}],
  ['pull_request', "of the repository's own branch", pull('octo/shop')],
  ['workflow_run', "of the repository's own branch", after('octo/shop')],
]

let docker: RecordingDocker
/** One docker for the tests of a block: none of them minds what another has asked. */
function withDocker(): void {
  beforeAll(async () => {
    docker = await RecordingDocker.prepare()
    await writeFile(docker.path('workspace/Dockerfile'), 'FROM scratch\n')
  })
  afterAll(() => docker.remove())
}

/** Ports of a job of this event, whose AWS does nothing but say that it was asked. */
function portsOf(eventName: string, event: JsonObject): BuildPorts {
  const base = buildPorts(docker, {
    context: { eventName, event, ref: 'refs/pull/7/merge' },
    environment: { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'of the job' },
  })
  const open = () => Promise.reject(new ActionError('access-denied', 'AWS was asked', 'Look.'))
  return { ...base, aws: { open } }
}

async function run(inputs: Readonly<Record<string, string>>, ports: BuildPorts): Promise<unknown> {
  const values = new Map(Object.entries({ 'aws-region': 'us-east-1', ...role, ...inputs }))
  const parsed = parseInputs(values, { region: undefined })
  return await runPipeline(parsed, ports).catch((error: unknown) => error)
}

const eachMode = (events: typeof trusted) =>
  events.flatMap(([name, what, event]) => modes.map((mode) => [mode, name, what, event] as const))

describe('what may not write', () => {
  withDocker()

  it.each(eachMode(untrusted))('refuses %s on %s %s', async (mode, name, _what, event) => {
    const ports = portsOf(name, event)
    expect(await run({ mode, ...given[mode] }, ports)).toMatchObject({ code: 'untrusted-event' })
    expect(ports.report.begun).toBe(false)
    expect(await docker.calls()).toEqual([])
  })

  it.each(eachMode(untrusted))(
    'lets %s on %s %s ask AWS where the user trusts all who cause it',
    async (mode, name, _what, event) => {
      const inputs = { mode, ...given[mode], 'allow-untrusted-events': 'true' }
      expect(await run(inputs, portsOf(name, event))).toMatchObject({ message: 'AWS was asked' })
    },
  )
})

describe('what may write', () => {
  withDocker()

  it.each(eachMode(trusted))('lets %s on %s %s ask AWS', async (mode, name, _what, event) => {
    const end = await run({ mode, ...given[mode] }, portsOf(name, event))
    expect(end).toMatchObject({ message: 'AWS was asked' })
  })
})

describe('a build that is not pushed', () => {
  withDocker()

  it.each([...untrusted, ...trusted])(
    'runs on %s %s, asks nothing of AWS, and has none of its credentials',
    async (name, _what, event) => {
      const ports = portsOf(name, event)
      expect(await run({ push: 'false' }, ports)).toMatchObject({ outcome: 'built' })
      const calls = await docker.calls()
      expect(calls.find(({ argv }) => argv[1] === 'build')).toBeDefined()
      for (const { environment } of calls) {
        expect(Object.keys(environment)).not.toContain('AWS_SECRET_ACCESS_KEY')
      }
    },
  )
})
