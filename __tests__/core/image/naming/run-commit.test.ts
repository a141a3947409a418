import { describe, expect, it } from '@jest/globals'
import {
  commitOf,
  commitsOfEvent,
  isOfRun,
  refuseUnknownCheckout,
} from '../../../../src/core/image/naming/run-commit.ts'
import { identifyImage, type ImageIdentity } from '../../../../src/core/image/naming/tags.ts'
import type { RunContext } from '../../../../src/core/run-context.ts'
import { commit, runContext } from '../../../support/run-context.ts'
import { tagRules } from '../../../support/tag-rules.ts'

const committedAt = new Date('2026-11-21T08:00:00Z')
const now = new Date('2026-11-22T23:30:05Z')
const head = 'f'.repeat(40)
const merged = 'e'.repeat(40)
const strange = 'd'.repeat(40)
const repository = { default_branch: 'main' }
const target = runContext({
  eventName: 'pull_request_target',
  event: {
    repository,
    pull_request: {
      number: 7,
      base: { ref: 'main' },
      head: { sha: head },
      merge_commit_sha: merged,
    },
  },
})
const afterRun = (run: RunContext['event']): RunContext =>
  runContext({ eventName: 'workflow_run', event: { repository, workflow_run: run } })
const afterPush = afterRun({ event: 'push', head_sha: head, head_branch: 'feature' })
const afterPullRequest = afterRun({
  ...{ event: 'pull_request', head_sha: head, head_branch: 'main' },
  pull_requests: [{ number: 9 }],
})

function identify(context: RunContext, tags: readonly string[], id: string): ImageIdentity {
  return identifyImage(context, tagRules(tags), now, { id, committedAt })
}

describe('the commit of a run', () => {
  it.each<[string, RunContext, string, string]>([
    ['pull_request_target with its base', target, commit, commit],
    ['pull_request_target with the head', target, head, head],
    ['pull_request_target with the merge of both', target, merged, head],
    ['workflow_run with the branch that it runs on', afterPush, commit, commit],
    ['workflow_run with the head of the run before', afterPush, head, head],
    ['pull_request_target with what nothing tells of', target, strange, strange],
    ['workflow_run with what nothing tells of', afterPush, strange, strange],
    [
      'workflow_dispatch with another ref',
      runContext({ eventName: 'workflow_dispatch' }),
      head,
      commit,
    ],
  ])(
    'of %s is what is checked out, where others may have asked for the run',
    (_what, context, id, expected) => {
      expect(commitOf(context, id)).toBe(expected)
    },
  )

  it('is told by the event for the base, the head and the merge of a pull request alone', () => {
    const checkedOut = [commit, head, merged, strange]
    expect(checkedOut.map((id) => isOfRun(target, id))).toEqual([true, true, true, false])
  })

  it.each<[string, RunContext, readonly string[]]>([
    ['pull_request_target', target, [commit, head]],
    ['pull_request', { ...target, eventName: 'pull_request' }, [commit, head]],
    ['workflow_run', afterPush, [commit, head]],
    ['workflow_run of the same commit', afterRun({ event: 'push', head_sha: commit }), [commit]],
    ['push', { ...target, eventName: 'push' }, [commit]],
  ])('is one of those that the event names images after: %s', (_what, context, expected) => {
    expect(commitsOfEvent(context)).toEqual(expected)
  })

  it.each([target, afterPush])('is refused where nothing tells which it is', (context) => {
    expect(() => {
      refuseUnknownCheckout(context)
    }).toThrow(/git does not tell which commit is built, 0123456789ab or ffffffffffff: this/)
  })

  it.each<[string, RunContext]>([
    ['push', { ...target, eventName: 'push' }],
    ['workflow_dispatch', { ...target, eventName: 'workflow_dispatch' }],
    ['pull_request', { ...target, eventName: 'pull_request' }],
    ['workflow_run of the same commit', afterRun({ event: 'push', head_sha: commit })],
  ])('needs no telling where the event leaves no doubt: %s', (_what, context) => {
    expect(() => {
      refuseUnknownCheckout(context)
    }).not.toThrow()
  })
})

describe('tags of a run on behalf of others', () => {
  const onlyOnDefault = 'type=raw,value=latest,enable={{is_default_branch}}'
  const tags = ['type=ref,event=pr', 'type=ref,event=branch', 'type=edge', onlyOnDefault]

  it('on pull_request_target are those of the pull request: its ref is the branch aimed at', () => {
    expect(identify(target, tags, commit).movingTags).toEqual(['pr-7'])
  })

  it.each<[string, RunContext, string, readonly string[]]>([
    ['on the default branch', afterPush, commit, ['edge', 'main', 'latest']],
    ['of the branch of the run before', afterPush, head, ['feature']],
    ['of the pull request of the run before', afterPullRequest, head, ['pr-9']],
  ])('on workflow_run are %s, as is checked out', (_what, context, id, expected) => {
    expect(identify(context, tags, id).movingTags).toEqual(expected)
  })

  it.each<[string, RunContext, readonly string[]]>([
    ['the pull request', target, ['pr-7']],
    ['the branch of the run before', afterPush, ['feature']],
    ['the pull request of the run before', afterPullRequest, ['pr-9']],
    [
      'no branch, where the run before was of the default one',
      afterRun({ event: 'push', head_sha: head, head_branch: 'main' }),
      [],
    ],
  ])('with a checkout that the event does not tell are those of %s', (_what, context, expected) => {
    const found = identify(context, [...tags, 'type=sha,format=long'], strange)
    expect(found).toMatchObject({ commit: strange, identityTags: [`sha-${strange}`] })
    expect(found.movingTags).toEqual(expected)
  })
})

describe('the time of the commit', () => {
  it('is that of git where the event does not tell it', () => {
    const context = runContext({ eventName: 'workflow_dispatch' })
    const found = identify(context, ["{{commit_date 'YYYYMMDD'}}"], commit)
    expect(found.movingTags).toEqual(['20261121'])
  })
})
