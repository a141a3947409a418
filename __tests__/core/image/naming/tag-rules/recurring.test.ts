import { describe, expect, it } from '@jest/globals'
import {
  evaluateTags,
  type EvaluatedTags,
} from '../../../../../src/core/image/naming/tag-rules/evaluate.ts'
import { tagFactsOf } from '../../../../../src/core/image/naming/tag-rules/tag-facts.ts'
import type { RunContext } from '../../../../../src/core/run-context.ts'
import { runContext } from '../../../../support/run-context.ts'
import { tagRules } from '../../../../support/tag-rules.ts'

function evaluate(
  tags: readonly string[],
  context: Partial<RunContext>,
  flavor: readonly string[] = [],
): EvaluatedTags {
  const event = { repository: { default_branch: 'main' } }
  const facts = tagFactsOf(runContext({ event, ...context }), new Date('2026-11-22T23:30:05Z'))
  return evaluateTags(tagRules(tags, flavor), facts)
}

const branch = (name: string): Partial<RunContext> => ({ ref: `refs/heads/${name}` })
const release: Partial<RunContext> = { ref: 'refs/tags/v1.2.3' }
const schedule: Partial<RunContext> = { eventName: 'schedule', event: {} }
const pullRequest: Partial<RunContext> = { eventName: 'pull_request', ref: 'refs/pull/7/merge' }

describe('a tag that later images are sure to get as well', () => {
  it.each<[string, Partial<RunContext>, boolean]>([
    ['type=semver,pattern={{major}}.{{minor}}', release, true],
    ['type=ref,event=branch', branch('main'), true],
    ['type=ref,event=pr', pullRequest, true],
    ['type=edge', branch('main'), true],
    ['type=schedule', schedule, true],
    ['stable', {}, true],
    ['{{branch}}', branch('release-1'), true],
    ['type=ref,event=branch,suffix=-{{sha}}', branch('main'), false],
    ["type=schedule,pattern={{date 'YYYYMMDD'}}", schedule, false],
    ["type=raw,value={{ date 'YYYYMMDD' }}", {}, false],
    ['build-57', {}, false],
    ['type=sha', {}, false],
    ['type=ref,event=tag', { ref: 'refs/tags/v1.2' }, false],
    ['type=match,pattern=\\d', release, false],
  ])('%s', (rule, context, expected) => {
    const { moving, recurring } = evaluate([rule], context)
    expect(moving).toHaveLength(1)
    expect(recurring).toEqual(expected ? moving : [])
  })

  it('is latest, unless it holds what is new each time', () => {
    expect(evaluate(['a'], {}, ['latest=true']).recurring).toEqual(['a', 'latest'])
    const flavor = ['latest=true', 'prefix={{sha}}-,onlatest=true']
    expect(evaluate(['a'], {}, flavor).recurring).toEqual([])
  })
})
