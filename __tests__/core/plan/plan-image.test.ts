import { describe, expect, it } from '@jest/globals'
import type { GitFacts, SourceFacts } from '../../../src/core/buildx/source.ts'
import type { RepositoryFacts } from '../../../src/core/image/repository-facts.ts'
import type { BuildInputs } from '../../../src/core/inputs/inputs.ts'
import type { ImagePlan } from '../../../src/core/plan/image-plan.ts'
import { planImage, type ImagePlanBasis } from '../../../src/core/plan/plan-image.ts'
import type { RunContext } from '../../../src/core/run-context.ts'
import { buildInputs } from '../../support/build-inputs.ts'
import { registryImage } from '../../support/registry-image.ts'
import { commit, runContext } from '../../support/run-context.ts'

const tag = `sha-${commit}`
const git: GitFacts = {
  head: commit,
  tree: 'aaaa',
  committedAt: new Date('2026-11-22T08:00:00Z'),
  uncommitted: [],
}
const source: SourceFacts = {
  contextDirectory: '/workspace',
  dockerfile: '/workspace/Dockerfile',
  dockerfileText: 'FROM scratch\n',
  ignoreFileText: undefined,
  git,
}
const empty: RepositoryFacts = {
  repository: {
    registry: { host: 'host', accountId: '123456789012', region: 'us-east-1' },
    name: 'team/app',
  },
  mutability: { tagMutability: 'IMMUTABLE', exclusionFilters: [] },
  existing: new Map(),
}

interface Differences {
  readonly inputs?: Partial<BuildInputs>
  readonly context?: Partial<RunContext>
  readonly git?: Partial<GitFacts> | undefined
  readonly repository?: RepositoryFacts
}

function plan({ inputs, context, repository = empty, ...more }: Differences = {}): ImagePlan {
  const basis: ImagePlanBasis = {
    inputs: buildInputs(inputs),
    context: runContext(context),
    source: { ...source, git: 'git' in more && !more.git ? undefined : { ...git, ...more.git } },
    repository,
  }
  return planImage(basis)
}

/** The repository after a first run of the plan. */
function afterwards(first: ImagePlan): RepositoryFacts {
  const image = registryImage({ fingerprint: first.fingerprint })
  return { ...empty, existing: new Map([[tag, image]]) }
}

describe('planImage', () => {
  it('plans a first build with the facts that are read back later', () => {
    const first = plan()
    expect(first).toMatchObject({
      commit,
      version: commit,
      identityTags: [tag],
      existing: undefined,
      reason: 'no image of this commit is there yet',
      build: { platforms: ['linux/amd64', 'linux/arm64'], contextDirectory: '/workspace' },
    })
    expect(first.build.annotations).toMatchObject({
      'org.opencontainers.image.revision': commit,
      'org.opencontainers.image.created': '2026-11-22T08:00:00.000Z',
      'steadyship.fingerprint': first.fingerprint,
    })
    expect(first.build.labels).not.toHaveProperty('steadyship.fingerprint')
  })

  it('builds nothing the second time', () => {
    const again = plan({ repository: afterwards(plan()) })
    expect(again.existing).toMatchObject({ tags: [tag], commit, version: commit, reused: true })
  })

  it('uses the image of a commit for the release tag that is put on it later', () => {
    const release = plan({
      repository: afterwards(plan()),
      context: { ref: 'refs/tags/v1.2.3' },
    })
    expect(release.identityTags).toEqual([tag, '1.2.3'])
    expect(release.existing).toMatchObject({ tags: [tag], version: '1.2.3' })
  })

  it.each<[string, Differences, RegExp]>([
    ['no-cache', { inputs: { noCache: true } }, /`no-cache` is set/],
    ['pull', { inputs: { pull: true } }, /`pull` is set/],
    ['a schedule', { context: { eventName: 'schedule' } }, /a scheduled run builds anew/],
    ['no git', { git: undefined }, /git does not tell/],
    ['one changed file', { git: { uncommitted: ['a'] } }, /"a" in the context is not as committed/],
    ['changed files', { git: { uncommitted: ['a', 'b', 'c'] } }, /"a" and 2 more/],
    [
      'an argument of the environment',
      { inputs: { buildArguments: ['TOKEN'] } },
      /"TOKEN" comes from/,
    ],
    ['another argument', { inputs: { buildArguments: ['A=1'] } }, /its fingerprint/],
    ['another target', { inputs: { target: 'runner' } }, /its fingerprint/],
    ['another platform', { inputs: { platforms: ['linux/s390x'] } }, /it has no linux\/s390x/],
    ['another tree', { git: { tree: 'bbbb' } }, /its fingerprint/],
  ])('does not call an image the same with %s', (_name, differences, message) => {
    const repository = afterwards(plan())
    expect(() => plan({ ...differences, repository })).toThrow(message)
    const mutable = {
      ...repository,
      mutability: { tagMutability: 'MUTABLE', exclusionFilters: [] },
    }
    const planned = plan({
      ...differences,
      repository: mutable,
      context: { runAttempt: 2, ...differences.context },
    })
    expect(planned.existing).toBeUndefined()
    expect(planned.reason).toMatch(message)
  })
})
