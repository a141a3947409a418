import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { cacheAccess, type CacheAccess } from '../../../../src/core/buildx/cache/access.ts'
import type { JsonObject } from '../../../../src/core/json.ts'
import type { RunContext } from '../../../../src/core/run-context.ts'
import { runContext } from '../../../support/run-context.ts'

const repository = { default_branch: 'main', full_name: 'octo/shop' }
const head = (fullName: string) => ({ repo: { full_name: fullName }, ref: 'main' })

function run(differences: Partial<RunContext>, event: JsonObject = {}): RunContext {
  return runContext({ ...differences, event: { repository, ...event } })
}

const upstream = (about: JsonObject): JsonObject => ({
  workflow_run: {
    event: 'push',
    head_branch: 'main',
    head_repository: { full_name: 'octo/shop' },
    ...about,
  },
})

const table: readonly [string, RunContext, CacheAccess][] = [
  ['a push to the default branch', run({}), { reads: ['main'], writes: 'main', isRelease: false }],
  [
    'a push to another branch',
    run({ ref: 'refs/heads/feature/a' }),
    { reads: ['feature/a', 'main'], writes: 'feature/a', isRelease: false },
  ],
  [
    'a tag',
    run({ ref: 'refs/tags/v1.2.3' }),
    { reads: ['main'], writes: undefined, isRelease: true },
  ],
  [
    'a release',
    run({ eventName: 'release', ref: 'refs/tags/v1' }),
    { reads: ['main'], writes: undefined, isRelease: true },
  ],
  [
    'a dispatch on a branch',
    run({ eventName: 'workflow_dispatch', ref: 'refs/heads/dev' }),
    { reads: ['dev', 'main'], writes: 'dev', isRelease: false },
  ],
  [
    'a dispatch on a tag',
    run({ eventName: 'workflow_dispatch', ref: 'refs/tags/v1' }),
    { reads: ['main'], writes: undefined, isRelease: true },
  ],
  [
    'a schedule',
    run({ eventName: 'schedule' }),
    { reads: ['main'], writes: 'main', isRelease: false },
  ],
  [
    'a pull request',
    run(
      { eventName: 'pull_request', ref: 'refs/pull/7/merge' },
      { pull_request: { base: { ref: 'release/2' }, head: head('octo/shop') } },
    ),
    { reads: ['release/2', 'main'], writes: undefined, isRelease: false },
  ],
  [
    "a fork's pull request, whose branch is called main",
    run(
      { eventName: 'pull_request', ref: 'refs/pull/7/merge' },
      { pull_request: { base: { ref: 'main' }, head: head('eve/shop') } },
    ),
    { reads: ['main'], writes: undefined, isRelease: false },
  ],
  [
    'pull_request_target, which runs on the default branch',
    run(
      { eventName: 'pull_request_target' },
      { pull_request: { base: { ref: 'main' }, head: head('eve/shop') } },
    ),
    { reads: ['main'], writes: undefined, isRelease: false },
  ],
  [
    'a merge queue',
    run(
      { eventName: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-7-abc' },
      { merge_group: { base_ref: 'refs/heads/main' } },
    ),
    { reads: ['main'], writes: undefined, isRelease: false },
  ],
  [
    'workflow_run after a push to the same branch',
    run({ eventName: 'workflow_run' }, upstream({})),
    { reads: ['main'], writes: 'main', isRelease: false },
  ],
  [
    'workflow_run after a pull request',
    run({ eventName: 'workflow_run' }, upstream({ event: 'pull_request' })),
    { reads: ['main'], writes: undefined, isRelease: false },
  ],
  [
    'workflow_run after a push to another branch',
    run({ eventName: 'workflow_run' }, upstream({ head_branch: 'feature' })),
    { reads: ['main'], writes: undefined, isRelease: false },
  ],
  [
    'workflow_run after a run of a fork',
    run({ eventName: 'workflow_run' }, upstream({ head_repository: { full_name: 'eve/shop' } })),
    { reads: ['main'], writes: undefined, isRelease: false },
  ],
  [
    'a comment',
    run({ eventName: 'issue_comment' }),
    { reads: ['main'], writes: undefined, isRelease: false },
  ],
]

describe('cacheAccess', () => {
  it.each(table)('of %s', (_what, context, expected) => {
    expect(cacheAccess(context)).toEqual(expected)
  })

  it('reads its own branch alone where the default branch is unknown', () => {
    const context = runContext({ event: {}, ref: 'refs/heads/dev' })
    expect(cacheAccess(context)).toEqual({ reads: ['dev'], writes: 'dev', isRelease: false })
  })

  it('never lets a run write the cache of a branch that its ref does not name', () => {
    const names = ['push', 'pull_request', 'pull_request_target', 'workflow_run', 'merge_group']
    const events = fc.constantFrom(
      ...names,
      'schedule',
      'workflow_dispatch',
      'issues',
      'unheard-of',
    )
    const refs = fc.constantFrom(
      'refs/heads/main',
      'refs/heads/dev',
      'refs/tags/main',
      'refs/pull/1/merge',
      '',
    )
    const about = fc.record({
      head_branch: fc.string(),
      event: events,
      head_repository: fc.constant({ full_name: 'octo/shop' }),
    })
    fc.assert(
      fc.property(events, refs, about, (eventName, ref, workflow_run) => {
        const { writes } = cacheAccess(run({ eventName, ref }, { workflow_run }))
        expect([undefined, ref.replace('refs/heads/', '')]).toContain(writes)
        if (writes !== undefined) expect(ref).toMatch(/^refs\/heads\//)
      }),
    )
  })
})
