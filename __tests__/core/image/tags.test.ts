import { describe, expect, it } from '@jest/globals'
import { identifyImage, imageVersion } from '../../../src/core/image/tags.ts'
import { commit, runContext } from '../../support/run-context.ts'

describe('identifyImage', () => {
  it('names a branch build after its commit alone', () => {
    expect(identifyImage(runContext())).toEqual({
      commit,
      version: commit,
      identityTags: [`sha-${commit}`],
    })
  })

  it.each([
    ['refs/tags/v1.2.3', '1.2.3'],
    ['refs/tags/1.2.3', '1.2.3'],
    ['refs/tags/v1.2.3-rc.1', '1.2.3-rc.1'],
    ['refs/tags/v1.2.3+build.5', '1.2.3'],
  ])('adds the full version of %s', (ref, version) => {
    expect(identifyImage(runContext({ ref }))).toEqual({
      commit,
      version,
      identityTags: [`sha-${commit}`, version],
    })
  })

  it.each(['refs/tags/nightly', 'refs/tags/v1.2', 'refs/tags/app/v1.2.3', 'refs/heads/v1.2.3'])(
    'finds no version in %s',
    (ref) => {
      expect(identifyImage(runContext({ ref })).identityTags).toEqual([`sha-${commit}`])
    },
  )

  it('means the head of a pull request, not its merge commit', () => {
    const head = 'f'.repeat(40)
    const context = runContext({
      eventName: 'pull_request',
      ref: 'refs/pull/7/merge',
      event: { pull_request: { head: { sha: head } } },
    })
    expect(identifyImage(context).commit).toBe(head)
  })
})

describe('imageVersion', () => {
  it('gives a text that is a tag everywhere', () => {
    expect(imageVersion('v2.0.0-alpha+x.y')).toBe('2.0.0-alpha')
  })
})
