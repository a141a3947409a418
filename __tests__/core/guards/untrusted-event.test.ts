import { describe, expect, it } from '@jest/globals'

import { guardTrust, untrustedReason } from '../../../src/core/guards/untrusted-event.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import type { RunContext } from '../../../src/core/run-context.ts'

function run(eventName: string, event: JsonObject = {}): RunContext {
  return {
    eventName,
    event,
    repository: 'acme/shop',
    sha: '0'.repeat(40),
    ref: 'refs/heads/main',
    runId: '1',
    runAttempt: 1,
    serverUrl: 'https://github.com',
    workspace: '/workspace',
    temporaryDirectory: '/tmp',
  }
}
const pull = (fullName: string | null): JsonObject => ({
  pull_request: { head: { repo: fullName === null ? null : { full_name: fullName } } },
})
const after = (fullName: string): JsonObject => ({
  workflow_run: { head_repository: { full_name: fullName } },
})

describe('events that may write', () => {
  it.each([
    ['push', {}],
    ['workflow_dispatch', {}],
    ['release', {}],
    ['schedule', {}],
    ['pull_request', pull('acme/shop')],
    ['pull_request', pull('Acme/Shop')],
    ['workflow_run', after('acme/shop')],
  ])('include %s %j', (name, event) => {
    expect(untrustedReason(run(name, event))).toBeUndefined()
  })
})

describe('events that must not write', () => {
  it.each([
    ['pull_request_target', pull('acme/shop')],
    ['pull_request', pull('mallory/shop')],
    ['pull_request', pull(null)],
    ['pull_request', {}],
    ['workflow_run', after('mallory/shop')],
    ['workflow_run', {}],
  ])('include %s %j, unless the user trusts them', (name, event) => {
    expect(() => guardTrust(run(name, event), false)).toThrow('refused to push or deploy')
    expect(() => guardTrust(run(name, event), true)).not.toThrow()
  })
})
