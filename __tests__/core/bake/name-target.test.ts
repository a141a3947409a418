import { describe, expect, it } from '@jest/globals'
import { nameTarget } from '../../../src/core/bake/name-target.ts'
import { parseEcrHost } from '../../../src/core/image/repository/repository.ts'
import { commit } from '../../support/run-context.ts'
import { registryHost } from '../../support/test-registry.ts'

const rules = {
  commit,
  version: '1.2.3',
  versionScheme: 'semver' as const,
  identityTags: [`sha-${commit}`, '1.2.3'],
  movingTags: ['latest'],
  recurringTags: ['latest'],
  prerelease: undefined,
  notes: [],
}
const host = parseEcrHost(registryHost)
const name = (tags: readonly string[], version = '1.2.3', target = 'web') =>
  nameTarget(
    { name: target, members: { tags }, wanted: true },
    { ...rules, version, prerelease: version.includes('-') ? version : undefined },
    host && { name: 'ignored', host },
  )
const own = (...tags: readonly string[]) => tags.map((tag) => `${registryHost}/team/web:${tag}`)

describe('the names of a bake target', () => {
  it.each<[string, boolean]>([
    ['1.2.3', true],
    ['v1.2.3', true],
    ['web-1.2.3-alpine', true],
    [`sha-${commit}`, true],
    [commit, true],
    ['11.2.3', false],
    ['1.2.30', false],
    ['1.2.3.4', false],
    ['1.2', false],
    ['main', false],
  ])('are for ever where they hold commit or version: %s %s', (tag, isIdentity) => {
    const { identityTags, movingTags } = { ...rules, ...readNames(own(tag)) }
    expect({ identityTags, movingTags }).toEqual(
      isIdentity
        ? { identityTags: [tag], movingTags: [] }
        : { identityTags: [], movingTags: [tag] },
    )
  })

  it('are its own where it has some, without a tag latest', () => {
    const named = name([`${registryHost}/team/web`, ...own('1.2.3')])
    expect(named).toMatchObject({
      repository: { name: 'team/web', host: { host: registryHost } },
      identity: { identityTags: ['1.2.3'], movingTags: ['latest'] },
    })
  })

  it('of a prerelease move nothing', () => {
    const named = name(own('1.2.3-rc.1', 'latest'), '1.2.3-rc.1')
    expect(named).toMatchObject({ identity: { identityTags: ['1.2.3-rc.1'], movingTags: [] } })
  })

  it("of one of Python's prereleases move nothing, either", () => {
    const version = '1.2.3b2'
    const python = { ...rules, version, versionScheme: 'pep440' as const, prerelease: version }
    const target = { name: 'web', members: { tags: own('1.2.3b2', 'latest') }, wanted: true }
    expect(nameTarget(target, python, undefined)).toMatchObject({
      identity: { identityTags: ['1.2.3b2'], movingTags: [] },
    })
  })

  it('of a prerelease keep those that hold its commit', () => {
    const named = name(own('1.2.3-rc.1', commit.slice(0, 9)), '1.2.3-rc.1')
    expect(named).toMatchObject({ identity: { movingTags: [commit.slice(0, 9)] } })
  })

  it('of a prerelease are refused where all of them move: it would be pushed under none', () => {
    const refusal =
      'has moving tags alone, and prerelease 1.2.3-rc.1 gets none of them; give it a tag that holds the commit or the version'
    expect(name(own('latest'), '1.2.3-rc.1')).toEqual({ refusal })
  })

  it('recur where they hold no number, which may be a count', () => {
    expect(name(own('latest', 'build-57'))).toMatchObject({
      identity: { movingTags: ['latest', 'build-57'], recurringTags: ['latest'] },
    })
  })

  it('are those of the rules, in the repository of its name, where it has none', () => {
    expect(name([])).toMatchObject({ repository: { name: 'web', host }, identity: rules })
  })

  it.each<[string, readonly string[], string]>([
    ['another registry', ['docker.io/library/web:1'], 'web'],
    ['no registry', ['web:1'], 'web'],
    ['ECR and another registry', [...own('1'), 'ghcr.io/o/web:1'], 'web'],
    ['two repositories', [...own('1'), `${registryHost}/team/other:1`], 'web'],
    ['no tag, and a name that no repository has', [], 'WEB'],
  ])('are refused: %s', (_what, tags, target) => {
    expect(name(tags, '1.2.3', target)).toHaveProperty('refusal')
  })
})

function readNames(tags: readonly string[]) {
  const named = name(tags)
  return 'identity' in named ? named.identity : undefined
}
