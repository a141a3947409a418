import { describe, expect, it } from '@jest/globals'
import {
  holdsPrerelease,
  prereleaseIn,
} from '../../../../src/core/image/naming/tag-rules/prerelease.ts'
import { identifyImage, type ImageIdentity } from '../../../../src/core/image/naming/tags.ts'
import type { RunContext } from '../../../../src/core/run-context.ts'
import { commit, runContext } from '../../../support/run-context.ts'
import { tagRules } from '../../../support/tag-rules.ts'

const now = new Date('2026-11-22T23:30:05Z')
const sha = 'type=sha,format=long'
const short = `sha-${commit.slice(0, 7)}`

function identify(
  tag: string,
  tags: readonly string[],
  { flavor = ['latest=auto'], ...context }: Partial<RunContext> & { flavor?: string[] } = {},
): ImageIdentity {
  const ref = `refs/tags/${tag}`
  return identifyImage(runContext({ ref, ...context }), tagRules(tags, flavor), now)
}

describe('prereleaseIn', () => {
  it.each([
    ['2.0.0-rc.1', '2.0.0-rc.1'],
    ['v2.0.0-rc.1+build.5', '2.0.0-rc.1'],
    ['app-v2.0.0-rc.1', '2.0.0-rc.1'],
    ['team/app/v2.0.0-next.3', '2.0.0-next.3'],
    ['release2.0.0-rc.1', '2.0.0-rc.1'],
    ['sha256-1.0.0-rc.1', '1.0.0-rc.1'],
    ['1.2.3rc1', '1.2.3rc1'],
    ['app-1.0.dev4', '1.0.dev4'],
    ['v1.2-beta.2', '1.2b2'],
  ])('finds in %s the version %s', (text, version) => {
    expect(prereleaseIn(text)?.version.version).toBe(version)
  })

  it.each([
    'v2.0.0',
    'app-1.2.3',
    'app-1.2.3-final',
    'v1.2.3.RELEASE',
    '1.0.post1',
    '2026.11.22',
    '20261122',
    'build-7b3',
    'nightly',
    'app-1.2.0-amd64',
    'deploy-2026.11.22-1',
    '',
  ])('finds none in %s', (text) => {
    expect(prereleaseIn(text)).toBeUndefined()
  })

  it('reads by the scheme of the rule: 1.2.3-1 is a post-release of Python', () => {
    expect(prereleaseIn('1.2.3-1', 'semver')?.version.version).toBe('1.2.3-1')
    expect(prereleaseIn('1.2.3-1', 'pep440')).toBeUndefined()
  })

  it('knows the parts of a text that hold it', () => {
    const found = prereleaseIn('app-v2.0.0-rc.1')
    const parts = ['app-v2.0.0-rc.1', '2.0.0-rc.1', 'v2.0.0-rc.1+b', '2.0.0', '2.0.0-rc', '2']
    expect(found && parts.map((part) => holdsPrerelease(part, found))).toEqual([
      ...[true, true, true],
      ...[false, false, false],
    ])
  })
})

describe('a rule that reads a part of a prerelease', () => {
  it.each([
    ['v2.0.0-rc.1', 'type=match,pattern=\\d+\\.\\d+\\.\\d+', '2.0.0'],
    ['v2.0.0-rc.1', 'type=match,pattern=\\d+\\.\\d+\\.\\d+-rc', '2.0.0-rc'],
    ['v2.0.0-rc.1', 'type=semver,pattern={{major}},match=v(\\d+\\.\\d+\\.\\d+)', '2.0.0'],
    ['v2.0.0-rc.1', 'type=pep440,pattern={{version}},match=v(\\d+\\.\\d+)', '2.0'],
    ['app-v2.0.0-rc.1', 'type=match,pattern=app-v(\\d+.\\d+),group=1', '2.0'],
    ['1.2.3rc1', 'type=semver,pattern={{version}},match=\\d+\\.\\d+\\.\\d+', '1.2.3'],
  ])('on %s gives no tag and says so: %s', (tag, rule, part) => {
    const { identityTags, movingTags, version, notes } = identify(tag, [sha, rule])
    expect([identityTags, movingTags]).toEqual([[`sha-${commit}`], []])
    expect(version).toMatch(/rc\.?1$/)
    expect(notes).toEqual([
      `tags: ${rule}: "${part}" is only a part of the prerelease ${version}; it gives no tag`,
    ])
  })

  it('of its own value keeps every moving tag where it is, too', () => {
    const tags = [sha, 'type=semver,pattern={{major}},value=2.0.0-rc.1,match=[\\d.]+', 'stable']
    const found = identify('', tags, { ref: 'refs/heads/main' })
    expect(found).toMatchObject({ movingTags: [], prerelease: '2.0.0-rc.1' })
  })
})

describe('what stands behind a version and is no word of a prerelease', () => {
  const minor = 'type=match,pattern=v(\\d+\\.\\d+),group=1'
  it.each([
    ['v1.2.3-web', 'type=match,pattern=v(\\d+\\.\\d+\\.\\d+),group=1', '1.2.3'],
    ['v1.2.3-web', 'type=semver,pattern={{version}},match=v(.*)-web', '1.2.3'],
    ['app-1.2.0-amd64', 'type=match,pattern=\\d+\\.\\d+\\.\\d+', '1.2.0'],
  ])('leaves the part of %s to %s', (tag, rule, version) => {
    const found = identify(tag, [rule, 'stable'], { flavor: [] })
    expect(found).toMatchObject({ version, prerelease: undefined, notes: [] })
    expect([found.identityTags, found.movingTags]).toEqual([[version], ['stable']])
  })

  it('lets a short part of it move', () => {
    expect(identify('v1.2.3-web', [minor]).movingTags).toEqual(['1.2', 'latest'])
    expect(() => identify('v1.2.3-rc.1', [minor])).toThrow(
      `(${minor}: "1.2" is only a part of the prerelease 1.2.3-rc.1; it gives no tag); add the line`,
    )
  })

  it.each(['type=semver,pattern={{version}}', 'type=ref,event=tag', sha])(
    'is a prerelease by semver all the same where %s reads no part of it',
    (rule) => {
      const found = identify('v1.2.3-web', [rule, 'stable'])
      expect(found).toMatchObject({ movingTags: [], prerelease: '1.2.3-web' })
    },
  )

  it('does not hide the prerelease before it', () => {
    const rule = 'type=semver,pattern={{version}},match=v(.*)-web'
    const found = identify('v1.2.3-rc.1-web', [rule, 'stable'])
    expect(found).toMatchObject({ identityTags: ['1.2.3-rc.1'], movingTags: [] })
    expect(identify('v1.2.3-rc.1-web', [sha, minor]).movingTags).toEqual([])
  })
})

describe('a git tag with a date and a count', () => {
  it('does not outweigh the version that a rule was given', () => {
    const rule = 'type=semver,pattern={{version}},value=1.2.3'
    for (const tag of ['deploy-2026.11.22-1', '2026.11.22-1', 'v2.0.0-rc.1']) {
      const found = identify(tag, [rule, 'stable'])
      expect(found).toMatchObject({ version: '1.2.3', prerelease: undefined })
      expect(found.movingTags).toEqual(['stable', 'latest'])
    }
  })

  it('is no prerelease behind a word, and is one where all of it is semver', () => {
    expect(identify('prod-2026.11.22-1', ['latest']).movingTags).toEqual(['latest'])
    expect(identify('v2026.11.22-1', [sha, 'stable'])).toMatchObject({
      movingTags: [],
      prerelease: '2026.11.22-1',
    })
  })
})

describe('a prerelease', () => {
  it.each([
    ['v2.0.0-rc.1', 'type=match,pattern=v(.*),group=1', '2.0.0-rc.1'],
    ['app-v2.0.0-rc.1', 'type=match,pattern=app-(.*),group=1', 'v2.0.0-rc.1'],
    ['app-v2.0.0-rc.1', 'type=semver,pattern={{major}},match=app-(.*)', '2.0.0-rc.1'],
    ['1.2.3rc1', 'type=ref,event=tag', '1.2.3rc1'],
    ['app-v2.0.0-rc.1', 'type=ref,event=tag', 'app-v2.0.0-rc.1'],
  ])('named %s is called by its whole name for ever: %s', (tag, rule, name) => {
    expect(identify(tag, [rule])).toMatchObject({ identityTags: [name], movingTags: [] })
  })

  it('moves no tag where no rule reads its name', () => {
    const found = identify('app-v2.0.0-rc.1', [sha, 'type=raw,value=stable'])
    expect(found).toMatchObject({ movingTags: [], version: '2.0.0-rc.1' })
    expect(found.notes).toEqual(['prerelease 2.0.0-rc.1 does not get the moving tag "stable"'])
  })

  it('by the word of GitHub alone keeps its version and moves nothing', () => {
    const tags = ['type=semver,pattern={{version}}', 'type=semver,pattern={{major}}']
    const release = { tag_name: 'v2.0.0', prerelease: true }
    const marked = identify('v2.0.0', tags, { eventName: 'release', event: { release } })
    expect(marked).toMatchObject({ identityTags: ['2.0.0'], movingTags: [], version: '2.0.0' })
    const event = { release: { ...release, prerelease: false } }
    const released = identify('v2.0.0', tags, { eventName: 'release', event })
    expect(released).toMatchObject({ movingTags: ['2', 'latest'], prerelease: undefined })
  })

  it('with moving tags alone is refused before the build: it would be pushed under none', () => {
    expect(() => identify('v1.2.3-rc.1', ['latest'])).toThrow(
      /tags: give prerelease 1\.2\.3-rc\.1 no tag but moving ones.*type=sha,format=long/,
    )
  })

  it.each([
    ['type=sha', short],
    ['{{sha}}', commit.slice(0, 7)],
    ['type=raw,value=rc,suffix=-{{sha}}', `rc-${commit.slice(0, 7)}`],
  ])('gets the tag that holds its commit, which cannot go back: %s', (rule, tag) => {
    const { movingTags, notes } = identify('v1.2.3-rc.1', [rule])
    expect([movingTags, notes]).toEqual([[tag], []])
  })
})
