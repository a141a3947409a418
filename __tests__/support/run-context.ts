import type { RunContext } from '../../src/core/run-context.ts'

export const commit = '0123456789abcdef0123456789abcdef01234567'

/** A push to main, and whatever a test says is different. */
export function runContext(differences: Partial<RunContext> = {}): RunContext {
  return {
    eventName: 'push',
    event: { repository: { description: 'A shop', license: { spdx_id: 'MIT' } } },
    repository: 'octo/shop',
    sha: commit,
    ref: 'refs/heads/main',
    runId: '77',
    runAttempt: 1,
    serverUrl: 'https://github.com',
    workspace: '/workspace',
    temporaryDirectory: '/temporary',
    ...differences,
  }
}
