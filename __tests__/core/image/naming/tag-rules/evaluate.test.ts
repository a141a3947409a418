import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  evaluateTags,
  type EvaluatedTags,
} from '../../../../../src/core/image/naming/tag-rules/evaluate.ts'
import { tagFactsOf } from '../../../../../src/core/image/naming/tag-rules/tag-facts.ts'
import type { RunContext } from '../../../../../src/core/run-context.ts'
import { commit, runContext } from '../../../../support/run-context.ts'
import { tagRules } from '../../../../support/tag-rules.ts'

const now = new Date('2026-11-22T23:30:05Z')
const repository = { default_branch: 'main' }

function evaluate(
  tags: readonly string[],
  context: Partial<RunContext> = {},
  flavor: readonly string[] = [],
): EvaluatedTags {
  const facts = tagFactsOf(runContext({ event: { repository }, ...context }), now)
  return evaluateTags(tagRules(tags, flavor), facts)
}

/** Every tag, identity first. */
function tagsOf(...input: Parameters<typeof evaluate>): readonly string[] {
  const { identity, moving, problems } = evaluate(...input)
  expect(problems).toEqual([])
  return [...identity, ...moving]
}

const branch = (name: string): Partial<RunContext> => ({ ref: `refs/heads/${name}` })
const release: Partial<RunContext> = { ref: 'refs/tags/v1.2.3' }
const pullRequest: Partial<RunContext> = {
  eventName: 'pull_request',
  ref: 'refs/pull/7/merge',
  event: {
    repository,
    pull_request: { number: 7, base: { ref: 'main' }, head: { sha: 'f'.repeat(40) } },
  },
}
const mergeQueue: Partial<RunContext> = {
  eventName: 'merge_group',
  ref: 'refs/heads/gh-readonly-queue/main/pr-5-abc',
  event: { repository, merge_group: { base_ref: 'refs/heads/main' } },
}
const schedule: Partial<RunContext> = { eventName: 'schedule', event: {} }

describe('a rule of each type', () => {
  it.each<[string, Partial<RunContext>, readonly string[]]>([
    ['type=sha', {}, ['sha-0123456']],
    ['type=sha,format=long', {}, [`sha-${commit}`]],
    ['type=sha,format=long,prefix=', {}, [commit]],
    ['type=sha,format=long', pullRequest, [`sha-${'f'.repeat(40)}`]],
    ['type=ref,event=branch', branch('main'), ['main']],
    ['type=ref,event=branch', release, []],
    ['type=ref,event=tag', release, ['v1.2.3']],
    ['type=ref,event=tag', branch('main'), []],
    ['type=ref,event=pr', pullRequest, ['pr-7']],
    ['type=ref,event=pr', { ...pullRequest, eventName: 'pull_request_target' }, ['pr-7']],
    ['type=ref,event=pr,prefix=', pullRequest, ['7']],
    ['type=ref,event=branch', { ...branch('main'), eventName: 'pull_request_target' }, []],
    ['type=semver,pattern={{version}}', release, ['1.2.3']],
    ['type=semver,pattern={{raw}}', release, ['v1.2.3']],
    ['type=semver,pattern={{major}}.{{minor}}', release, ['1.2']],
    ['type=semver,pattern=v{{ major }}', release, ['v1']],
    ['type=semver,pattern={{version}}', {}, []],
    ['type=semver,pattern={{version}},value=v2.0.0', {}, ['2.0.0']],
    ['type=semver,pattern={{major}}', { ref: 'refs/tags/v1.2.3-rc.1' }, ['1.2.3-rc.1']],
    ['type=semver,pattern={{raw}}', { ref: 'refs/tags/v1.2.3-rc.1' }, ['v1.2.3-rc.1']],
    ['type=semver,pattern={{version}},match=app/(.*)', { ref: 'refs/tags/app/v3.1.4' }, ['3.1.4']],
    [
      'type=semver,pattern={{version}}',
      { ref: '', eventName: 'release', event: { release: { tag_name: 'v4.0.0' } } },
      ['4.0.0'],
    ],
    ['type=pep440,pattern={{version}}', release, ['1.2.3']],
    ['type=pep440,pattern={{major}}.{{minor}}', { ref: 'refs/tags/v1.2' }, ['1.2']],
    ['type=pep440,pattern={{major}}', { ref: 'refs/tags/1.2.3beta2' }, ['1.2.3b2']],
    ['type=pep440,pattern={{raw}}', { ref: 'refs/tags/1.2.3beta2' }, ['1.2.3beta2']],
    ['type=pep440,pattern={{major}}', { ref: 'refs/tags/1.0dev4' }, ['1.0.dev4']],
    ['type=pep440,pattern={{major}}', { ref: 'refs/tags/1.0.post1' }, ['1.0.post1']],
    ['type=pep440,pattern={{version}},match=\\d.*', { ref: 'refs/tags/app-1.0' }, ['1.0']],
    ['type=pep440,pattern={{version}}', { ref: 'refs/tags/later' }, []],
    ['type=match,pattern=v(.*),group=1', release, ['1.2.3']],
    ['type=match,pattern=/V\\d/i', release, ['v1']],
    ['"type=match","pattern=\\d{1,2}"', release, ['1']],
    ['type=raw,value=blue', {}, ['blue']],
    ['blue', {}, ['blue']],
    ['type=raw,value={{tag}}', {}, []],
    ['type=edge', branch('main'), ['edge']],
    ['type=edge', branch('other'), []],
    ['type=edge,branch=other', branch('other'), ['edge']],
    ['type=edge', schedule, ['edge']],
    ['type=schedule', schedule, ['nightly']],
    ['type=schedule', {}, []],
    ["type=schedule,pattern={{date 'YYYYMMDD' tz='Asia/Tokyo'}}", schedule, ['20261123']],
    ["type=schedule,pattern={{date '[week]-GGGG-WW'}}", schedule, ['week-2026-47']],
  ])('%s', (rule, context, expected) => {
    expect(tagsOf([rule], context)).toEqual(expected)
  })
})

describe('templates and global attributes', () => {
  it.each<[string, Partial<RunContext>, string]>([
    ['{{branch}}-{{sha}}', branch('main'), 'main-0123456'],
    ['{{tag}}', release, 'v1.2.3'],
    ['onto-{{base_ref}}', pullRequest, 'onto-main'],
    ['onto-{{base_ref}}', mergeQueue, 'onto-main'],
    ['onto-{{base_ref}}', { ...release, event: { base_ref: 'refs/heads/1.x' } }, 'onto-1.x'],
    ['{{is_default_branch}}', branch('main'), 'true'],
    ['{{is_not_default_branch}}', branch('main'), 'false'],
    ['{{is_default_branch}}', branch('other'), 'false'],
    ['{{is_default_branch}}', schedule, 'true'],
    ['{{is_default_branch}}', { ...branch('other'), eventName: 'create' }, 'false'],
    ["{{date 'YYYY-MM-DD_HH.mm.ss'}}", {}, '2026-11-22_23.30.05'],
    ["{{date 'YYMD-Hms[utc]X'}}", {}, '261122-23305utc1795390205'],
    ["{{date 'YYYYMMDDTHHmm' tz='America/New_York'}}", {}, '20261122T1830'],
    [
      "{{commit_date 'YYYYMMDD'}}",
      { event: { head_commit: { timestamp: '2026-01-02T03:04:05+09:00' } } },
      '20260101',
    ],
  ])('%s', (value, context, expected) => {
    expect(tagsOf([`type=raw,value=${value}`], context)).toEqual([expected])
  })

  it('orders by priority, and leaves lines of equal priority as they are', () => {
    const tags = ['type=raw,value=a', 'b', 'type=edge', 'type=raw,value=c,priority=701']
    expect(tagsOf(tags, branch('main'))).toEqual(['c', 'edge', 'a', 'b'])
  })

  it("gives a line's own prefix and suffix precedence over the flavor's, even where they are empty", () => {
    const tags = ['a', 'type=raw,value=b,prefix=', 'type=raw,value=c,suffix=-own', 'type=sha']
    expect(tagsOf(tags, {}, ['prefix=p-', 'suffix=-s'])).toEqual([
      'p-a-s',
      'b-s',
      'p-c-own',
      'sha-0123456-s',
    ])
  })

  it('does not know the time of the commit in every event, and says so', () => {
    const { problems } = evaluate(["type=raw,value={{commit_date 'X'}}"], schedule)
    expect(problems[0]?.message).toMatch(/"schedule" does not tell/)
  })
})

describe('edge', () => {
  it('says so where the event does not tell the default branch', () => {
    const { moving, notes } = evaluate(['type=edge'], { event: {} })
    expect(moving).toEqual([])
    expect(notes).toEqual([
      'tags: type=edge: the event "push" does not tell the default branch; write `branch=`; it gives no tag',
    ])
  })
})

describe('latest', () => {
  it.each<[string, Partial<RunContext>, boolean]>([
    ['type=ref,event=tag', release, true],
    ['type=ref,event=tag', { ref: 'refs/tags/v1.2.3-rc.1' }, false],
    ['type=semver,pattern={{version}}', release, true],
    ['type=match,pattern=.+', release, true],
    ['type=ref,event=branch', branch('main'), false],
    ['type=sha', release, false],
  ])('with latest=auto and %s', (rule, context, expected) => {
    expect(tagsOf([rule], context, ['latest=auto']).includes('latest')).toBe(expected)
  })

  it('is given to nobody who did not ask', () => {
    expect(tagsOf(['type=semver,pattern={{version}}'], release)).toEqual(['1.2.3'])
  })

  it('is decided by the first tag alone', () => {
    const tags = ['type=semver,pattern={{version}}', 'type=raw,value=blue,priority=1000']
    expect(tagsOf(tags, release, ['latest=auto'])).toEqual(['1.2.3', 'blue'])
  })
})

describe('what docker/metadata-action gets wrong', () => {
  it('names no tag twice', () => {
    const tags = ['type=semver,pattern={{version}}', 'type=raw,value=latest', 'latest']
    expect(tagsOf(tags, release, ['latest=auto'])).toEqual(['1.2.3', 'latest'])
  })

  it('refuses a tag of more than 128 characters by name, and takes one of 128', () => {
    const long = 'x'.repeat(129)
    const { problems } = evaluate(['type=ref,event=branch'], branch(long))
    expect(problems).toEqual([
      {
        input: 'tags',
        value: 'type=ref,event=branch',
        message: `gives the tag "${long}", which has 129 characters; a registry takes 128`,
      },
    ])
    expect(tagsOf(['type=ref,event=branch'], branch(long.slice(1)))).toEqual([long.slice(1)])
  })

  it.each([
    ['-foo', 'foo'],
    ['.foo', 'foo'],
    ['._-foo', '_-foo'],
    ['été', 't-'],
  ])('begins no tag with a dash or a dot: %s', (name, tag) => {
    expect(tagsOf(['type=ref,event=branch'], branch(name))).toEqual([tag])
  })

  it('says that nothing remains of a name without any letter that a tag may have', () => {
    const { problems } = evaluate(['type=ref,event=branch'], branch('日本語'))
    expect(problems[0]?.message).toBe('gives "日本語", of which no tag can be made')
  })

  it('takes the whole match where the expression has no group', () => {
    const rule = 'type=semver,pattern={{version}},match=\\d+\\.\\d+\\.\\d+'
    expect(tagsOf([rule], { ref: 'refs/tags/app-1.2.3-final' })).toEqual(['1.2.3'])
  })

  it('gives neither a tag nor latest where the expression does not match', () => {
    const rule = 'type=semver,pattern={{version}},match=app-(.*)'
    const found = evaluate([rule], release, ['latest=auto'])
    expect([found.identity, found.moving]).toEqual([[], []])
    expect(found.notes).toEqual([`tags: ${rule}: does not match "v1.2.3"; it gives no tag`])
  })

  it('fills templates in on latest, too', () => {
    expect(tagsOf(['a'], {}, ['latest=true', 'prefix={{sha}}-,onlatest=true'])).toEqual([
      '0123456-a',
      '0123456-latest',
    ])
  })

  it('escapes no HTML', () => {
    expect(tagsOf(['{{branch}}'], branch("feat/a&b='c"))).toEqual(['feat-a-b-c'])
  })

  it('gives a merge queue no tag of a branch that nobody made', () => {
    expect(tagsOf(['type=ref,event=branch', 'type=edge'], mergeQueue)).toEqual([])
    expect(tagsOf(['type=sha,format=long'], mergeQueue)).toEqual([`sha-${commit}`])
  })

  it.each(['v1.2', 'v0.2.1.0'])('says that %s is no semantic version', (tag) => {
    const found = evaluate(['type=semver,pattern={{version}}'], { ref: `refs/tags/${tag}` })
    expect(found.notes[0]).toContain(`"${tag}" is no semantic version`)
  })
})

describe('a group or an enable that comes to nothing', () => {
  it.each([
    ['type=match,pattern=v(.*),group=2', 'has the group 2, which its pattern does not have'],
    ['type=raw,value=a,enable={{branch}}', 'has enable=, which is neither true nor false'],
  ])('%s', (rule, message) => {
    expect(evaluate([rule], release).problems[0]?.message).toBe(message)
  })

  it('gives nothing where enable is false', () => {
    expect(tagsOf(['type=raw,value=a,enable=false', 'type=raw,value=b,enable=true'])).toEqual(['b'])
  })
})

describe('whatever a branch or a tag is called', () => {
  it('a registry takes every tag that is given', () => {
    const rules = ['type=ref,event=branch', 'type=ref,event=tag', '{{branch}}{{tag}}', 'type=sha']
    const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 140 })
    fc.assert(
      fc.property(fc.constantFrom('heads', 'tags'), names, (kind, name) => {
        const found = evaluate(rules, { ref: `refs/${kind}/${name}` }, ['latest=true'])
        const all = [...found.identity, ...found.moving]
        expect(all.filter((tag) => !/^\w[\w.-]{0,127}$/.test(tag))).toEqual([])
        expect(new Set(all).size).toBe(all.length)
      }),
    )
  })
})
