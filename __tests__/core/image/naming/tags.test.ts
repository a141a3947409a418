import { describe, expect, it } from '@jest/globals'
import {
  identifyImage,
  imageVersion,
  type ImageIdentity,
} from '../../../../src/core/image/naming/tags.ts'
import type { RunContext } from '../../../../src/core/run-context.ts'
import { commit, runContext } from '../../../support/run-context.ts'
import { tagRules } from '../../../support/tag-rules.ts'

const now = new Date('2026-11-22T23:30:05Z')

function identify(
  context: Partial<RunContext> = {},
  tags?: readonly string[],
  flavor?: readonly string[],
): ImageIdentity {
  return identifyImage(runContext(context), tagRules(tags, flavor), now)
}

describe('identifyImage, by default', () => {
  it('names a branch build after its commit alone', () => {
    expect(identify()).toEqual({
      commit,
      version: commit,
      versionScheme: undefined,
      identityTags: [`sha-${commit}`],
      movingTags: [],
      recurringTags: [],
      prerelease: undefined,
      notes: [],
    })
  })

  it.each([
    ['refs/tags/v1.2.3', '1.2.3'],
    ['refs/tags/1.2.3', '1.2.3'],
    ['refs/tags/v1.2.3-rc.1', '1.2.3-rc.1'],
    ['refs/tags/v1.2.3+build.5', '1.2.3'],
  ])('adds the full version of %s', (ref, version) => {
    expect(identify({ ref })).toMatchObject({
      commit,
      version,
      identityTags: [`sha-${commit}`, version],
      movingTags: [],
    })
  })

  it.each([
    ['refs/tags/nightly', 1],
    ['refs/tags/v1.2', 1],
    ['refs/tags/v0.2.1.0', 1],
    ['refs/tags/app/v1.2.3', 1],
    ['refs/heads/v1.2.3', 0],
  ])('finds no version in %s, and says so where it is a tag', (ref, notes) => {
    const found = identify({ ref })
    expect(found.identityTags).toEqual([`sha-${commit}`])
    expect(found.notes).toHaveLength(notes)
  })

  it('means the head of a pull request, not its merge commit', () => {
    const head = 'f'.repeat(40)
    const context = {
      eventName: 'pull_request',
      ref: 'refs/pull/7/merge',
      event: { pull_request: { head: { sha: head } } },
    }
    expect(identify(context)).toMatchObject({ commit: head, identityTags: [`sha-${head}`] })
  })
})

describe('identifyImage, by rules', () => {
  const sha = 'type=sha,format=long'

  it('refuses a run in which no rule gives a tag, and says which line does', () => {
    const tags = ['type=semver,pattern={{version}}']
    const dispatch = { eventName: 'workflow_dispatch' }
    expect(() => identify(dispatch, tags)).toThrow(
      /tags: give no tag on workflow_dispatch of refs\/heads\/main.*type=sha,format=long/,
    )
  })

  it('takes a run in which every tag moves: the image goes by its digest', () => {
    expect(identify({}, ['type=ref,event=branch', 'type=raw,value=latest'])).toMatchObject({
      identityTags: [],
      movingTags: ['main', 'latest'],
    })
  })

  it.each([
    'type=ref,event=tag',
    'type=match,pattern=v(.*),group=1',
    'type=semver,pattern={{raw}}',
  ])('knows a full version that %s takes from the tag', (rule) => {
    const { identityTags, movingTags } = identify({ ref: 'refs/tags/v1.2.3' }, [rule])
    expect([identityTags.length, movingTags]).toEqual([1, []])
    expect(identityTags[0]).toMatch(/^v?1\.2\.3$/)
  })

  it('moves the short names of a release, but none for a prerelease', () => {
    const tags = [
      sha,
      'type=semver,pattern={{version}}',
      'type=semver,pattern={{major}}.{{minor}}',
      'type=semver,pattern={{major}}',
      'type=raw,value=stable',
    ]
    expect(identify({ ref: 'refs/tags/v1.2.3' }, tags, ['latest=auto'])).toMatchObject({
      identityTags: [`sha-${commit}`, '1.2.3'],
      movingTags: ['1.2', '1', 'stable', 'latest'],
    })
    const prerelease = identify({ ref: 'refs/tags/v1.2.3-rc.1' }, tags, ['latest=true'])
    expect(prerelease.identityTags).toEqual([`sha-${commit}`, '1.2.3-rc.1'])
    expect(prerelease.movingTags).toEqual([])
    expect(prerelease.notes).toEqual([
      'prerelease 1.2.3-rc.1 does not get the moving tag "stable"',
      'prerelease 1.2.3-rc.1 does not get the moving tag "latest"',
    ])
  })

  it('knows the version of a tag push that has no rule for it, so that nothing goes backwards', () => {
    const found = identify({ ref: 'refs/tags/v1.0.9' }, [sha, 'type=raw,value=latest'])
    expect(found).toMatchObject({ version: '1.0.9', movingTags: ['latest'] })
  })

  it.each([
    ['type=semver,pattern={{version}}', 'semver'],
    ['type=ref,event=tag', 'semver'],
    ['type=raw,value=latest', 'semver'],
    ['type=pep440,pattern={{version}}', 'pep440'],
  ])('orders the version that %s reads by %s', (rule, versionScheme) => {
    const found = identify({ ref: 'refs/tags/v1.9.1' }, [rule])
    expect(found).toMatchObject({ version: '1.9.1', versionScheme })
  })

  it('calls a tag that two rules give an identity tag where one of them says so', () => {
    const tags = ['type=raw,value=1.2.3', 'type=semver,pattern={{version}}']
    expect(identify({ ref: 'refs/tags/v1.2.3' }, tags)).toMatchObject({
      identityTags: ['1.2.3'],
      movingTags: [],
    })
  })

  it('tells everything that the rules cannot do in this run at once', () => {
    const ref = `refs/heads/${'x'.repeat(200)}`
    const tags = [
      sha,
      'type=ref,event=branch',
      'type=raw,value=日本語',
      'type=raw,value=a,enable=si',
    ]
    expect(() => identify({ ref }, tags)).toThrow(
      /3 inputs are wrong: .*event=branch.*which has 200 characters; a registry takes 128.*日本語.*enable=si/,
    )
  })
})

describe('imageVersion', () => {
  it('gives a text that is a tag everywhere', () => {
    expect(imageVersion('v2.0.0-alpha+x.y')).toBe('2.0.0-alpha')
  })
})
