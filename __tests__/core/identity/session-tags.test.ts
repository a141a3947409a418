import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { sessionTags } from '../../../src/core/identity/session-tags.ts'

describe('session tags', () => {
  it('are those of configure-aws-credentials', () => {
    const { firm, droppable } = sessionTags({
      GITHUB_REPOSITORY: 'octo-org/octo-repo',
      GITHUB_WORKFLOW: 'release & deploy',
      GITHUB_ACTION: '__self',
      GITHUB_ACTOR: 'renovate[bot]',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_REF: 'refs/heads/main',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_BASE_REF: '',
      GITHUB_RUN_ID: '77',
      GITHUB_JOB: 'deploy',
      GITHUB_TRIGGERING_ACTOR: 'octocat',
      GITHUB_TOKEN: 'never a tag',
    })
    expect(firm.map(({ Key, Value }) => `${Key}=${Value}`)).toEqual([
      'GitHub=Actions',
      'Repository=octo-org/octo-repo',
      'Workflow=release _ deploy',
      'Action=__self',
      'Actor=renovate_bot_',
      `Commit=${'a'.repeat(40)}`,
      'Branch=refs/heads/main',
    ])
    expect(droppable.map(({ Key, Value }) => `${Key}=${Value}`)).toEqual([
      'EventName=push',
      'RunId=77',
      'Job=deploy',
      'TriggeringActor=octocat',
    ])
  })

  it('have values that STS takes, whatever the workflow is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (name) => {
        for (const { Value } of sessionTags({ GITHUB_WORKFLOW: name }).firm) {
          expect(Value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u)
          expect(Value.length).toBeLessThanOrEqual(256)
        }
      }),
    )
  })
})
