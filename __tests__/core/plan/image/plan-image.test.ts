import { describe, expect, it } from '@jest/globals'
import type { GitFacts, SourceFacts } from '../../../../src/core/buildx/source.ts'
import { freshnessOf, obstaclesOf } from '../../../../src/core/image/annotations.ts'
import type { RepositoryFacts } from '../../../../src/core/image/repository/repository-facts.ts'
import { identifyImage } from '../../../../src/core/image/naming/tags.ts'
import type { BuildInputs } from '../../../../src/core/inputs/inputs.ts'
import type { BuiltImagePlan } from '../../../../src/core/plan/image/image-plan.ts'
import {
  planImage,
  planLeg,
  type ImagePlanBasis,
} from '../../../../src/core/plan/image/plan-image.ts'
import type { RunContext } from '../../../../src/core/run-context.ts'
import { buildSettings } from '../../../support/build-settings.ts'
import { buildInputs } from '../../../support/build-inputs.ts'
import { contentDigest } from '../../../../src/core/image/content/verify.ts'
import { tagRules } from '../../../support/tag-rules.ts'
import { registryImage } from '../../../support/registry-image.ts'
import { commit, runContext } from '../../../support/run-context.ts'

const tag = `sha-${commit}`
const git: GitFacts = {
  head: commit,
  tree: 'aaaa',
  committedAt: new Date('2026-11-22T08:00:00Z'),
  sendsRecords: false,
  uncommitted: [],
  unwatched: [],
  filtered: [],
  absentSubmodules: [],
  pointers: [],
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
  taken: new Map(),
}

interface Differences {
  readonly inputs?: Partial<BuildInputs>
  readonly context?: Partial<RunContext>
  readonly git?: Partial<GitFacts> | undefined
  readonly repository?: RepositoryFacts
  readonly dockerfile?: string
}

const plan = (differences?: Differences): BuiltImagePlan => planImage(basisOf(differences))

function basisOf({
  inputs,
  context,
  repository = empty,
  ...more
}: Differences = {}): ImagePlanBasis {
  return {
    inputs: buildInputs(inputs),
    context: runContext(context),
    identity: identifyImage(runContext(context), buildInputs(inputs).tagRules, new Date(0)),
    source: {
      ...source,
      dockerfileText: more.dockerfile ?? source.dockerfileText,
      git: 'git' in more && !more.git ? undefined : { ...git, ...more.git },
    },
    repository,
    cache: { kind: 'off' },
    copies: [],
    pullHosts: [],
    githubToken: undefined,
  }
}

/** The repository after a first run of the plan. */
function afterwards(first: BuiltImagePlan): RepositoryFacts {
  const { fingerprint, build } = first
  const image = registryImage({ fingerprint, obstacles: obstaclesOf(build.annotations) })
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

  it("lets the user's labels and annotations win, but for the facts that are read back", () => {
    const first = plan({
      inputs: {
        metadata: {
          labels: { 'org.opencontainers.image.revision': 'mine', team: 'a' },
          annotations: [
            { place: 'manifest', key: 'org.opencontainers.image.title', value: 'mine' },
            { place: 'manifest', key: 'org.opencontainers.image.revision', value: 'mine' },
            { place: 'manifest[linux/amd64]', key: 'steadyship.fingerprint', value: 'mine' },
            { place: 'index', key: 'org.opencontainers.image.version', value: 'mine' },
          ],
        },
      },
    })
    expect(first.build.labels).toMatchObject({
      'org.opencontainers.image.revision': 'mine',
      team: 'a',
      'org.opencontainers.image.version': commit,
    })
    expect(first.build.annotations).toMatchObject({
      'org.opencontainers.image.title': 'mine',
      'org.opencontainers.image.revision': commit,
      'steadyship.fingerprint': first.fingerprint,
    })
    expect(first.build.furtherAnnotations).toEqual([
      { place: 'index', key: 'org.opencontainers.image.version', value: 'mine' },
    ])
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

  it('takes a re-run whose immutable moving tag names the image already, and no other', () => {
    const moving = { tagRules: tagRules(['type=sha,format=long', 'type=raw,value=latest']) }
    const repository = afterwards(plan())
    const taken = new Map([...repository.existing.values()].map(({ digest }) => ['latest', digest]))
    const again = plan({ inputs: moving, repository: { ...repository, taken } })
    expect(again.movingTags).toEqual(['latest'])
    const other = new Map([['latest', contentDigest('another image')]])
    for (const facts of [
      { ...repository, taken: other },
      { ...empty, taken: other },
    ]) {
      expect(() => plan({ inputs: moving, repository: facts })).toThrow(/moving tag "latest"/)
    }
  })

  it.each<[string, Differences, RegExp]>([
    ['no-cache', { inputs: { noCache: true } }, /`no-cache` is set/],
    ['pull', { inputs: { pull: true } }, /`pull` is set/],
    ['a schedule', { context: { eventName: 'schedule' } }, /a scheduled run builds anew/],
    ['no git', { git: undefined }, /git does not tell/],
    ['one changed file', { git: { uncommitted: ['a'] } }, /"a" in the context is not as committed/],
    ['changed files', { git: { uncommitted: ['a', 'b', 'c'] } }, /"a" and 2 more/],
    ['a file of a sparse checkout', { git: { unwatched: ['a'] } }, /"a".* is hidden from git/],
    ['more of them', { git: { unwatched: ['a', 'b'] } }, /"a" and 1 more .* are hidden from git/],
    ['a pointer', { git: { pointers: ['a'] } }, /its fingerprint/],
    ['a submodule that is not there', { git: { absentSubmodules: ['a'] } }, /its fingerprint/],
    ['a filter', { git: { filtered: ['a'] } }, /"a" in the context comes through a git filter/],
    [
      'a .git that the Dockerfile reads',
      { git: { sendsRecords: true }, dockerfile: 'FROM a\nCOPY .git .git\n' },
      /the Dockerfile reads `\.git`/,
    ],
    [
      'an argument of the environment',
      { inputs: { buildArguments: ['TOKEN'] } },
      /"TOKEN" comes from/,
    ],
    ['another argument', { inputs: { buildArguments: ['A=1'] } }, /its fingerprint/],
    ['another target', { inputs: { target: 'runner' } }, /its fingerprint/],
    ['another platform', { inputs: { platforms: ['linux/s390x'] } }, /it has no linux\/s390x/],
    [
      'a stage that the cache must not answer for',
      { inputs: { settings: buildSettings({ noCacheFilters: ['test'] }) } },
      /`no-cache-filters` is set/,
    ],
    [
      'a further folder',
      { inputs: { settings: buildSettings({ buildContexts: ['src=../src'] }) } },
      /git does not tell what build context "src" holds/,
    ],
    [
      'files to write',
      { inputs: { settings: buildSettings({ exporters: ['type=local,dest=out'] }) } },
      /`outputs` asks for files/,
    ],
    [
      'another further image',
      { inputs: { settings: buildSettings({ buildContexts: ['b=docker-image://a'] }) } },
      /(^|: )its fingerprint[^;]*$/,
    ],
    [
      'another compression',
      { inputs: { settings: buildSettings({ compression: 'zstd' }) } },
      /its fingerprint/,
    ],
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

describe('an image that a clean run finds', () => {
  const mutable = { mutability: { tagMutability: 'MUTABLE', exclusionFilters: [] } }

  it.each<[string, Differences, string]>([
    [
      'a file that nobody committed',
      { git: { uncommitted: ['a'] } },
      '"a" in the context is not as committed',
    ],
    [
      'a further folder',
      { inputs: { settings: buildSettings({ buildContexts: ['src=../src'] }) } },
      'git does not tell what build context "src" holds',
    ],
    [
      'an argument of the environment',
      { inputs: { buildArguments: ['TOKEN'] } },
      'build argument "TOKEN" comes from the environment',
    ],
    ['no git', { git: undefined }, 'git does not tell what the context holds'],
  ])('is not taken for its own where it was built with %s', (_what, differences, told) => {
    const first = plan(differences)
    expect(first.obstacles).toEqual([told])
    expect(obstaclesOf(first.build.annotations)).toEqual([told])
    const repository = afterwards(first)
    const message = `the image that is there was built with: ${told}`
    expect(() => plan({ repository })).toThrow(message)
    const again = plan({ repository: { ...repository, ...mutable }, context: { runAttempt: 2 } })
    expect(again.existing).toBeUndefined()
    expect(again.reason).toContain(message)
  })

  it.each<[string, Differences]>([
    ['pulled its bases', { inputs: { pull: true } }],
    ['took no cache', { inputs: { noCache: true } }],
    ['was scheduled', { context: { eventName: 'schedule' } }],
    ['had a .git that no line of the Dockerfile reads', { git: { sendsRecords: true } }],
    ['was built as ever', {}],
  ])('is its own where it %s, and carries no more than ever', (_what, differences) => {
    const first = plan(differences)
    expect(first.build.annotations).toEqual(plan().build.annotations)
    expect(plan({ repository: afterwards(first) }).existing?.reused).toBe(true)
  })
})

describe('a checkout that leaves parts of the commit unfetched', () => {
  const lean = { git: { absentSubmodules: ['docs/theme', 'b'], pointers: ['z', 'img/a.png'] } }
  const reordered = { git: { absentSubmodules: ['b', 'docs/theme'], pointers: ['img/a.png', 'z'] } }

  it('finds the image of one that left the same', () => {
    const first = plan(lean)
    expect(first.obstacles).toEqual([])
    expect(plan({ ...reordered, repository: afterwards(first) }).existing?.reused).toBe(true)
  })

  it.each<[string, Differences]>([
    ['fetches all', {}],
    ['fetches the submodules', { git: { pointers: lean.git.pointers } }],
    ['fetches the files', { git: { absentSubmodules: lean.git.absentSubmodules } }],
  ])('leaves no image for one that %s', (_what, differences) => {
    const repository = afterwards(plan(lean))
    expect(() => plan({ ...differences, repository })).toThrow(/its fingerprint/)
  })
})

describe('planLeg', () => {
  const toldBy = (differences?: Differences) => {
    const { annotations } = planLeg(basisOf(differences)).build
    return [...freshnessOf(annotations), ...obstaclesOf(annotations)]
  }

  it.each<[string, Differences, readonly string[]]>([
    ['the base may be a newer one', { inputs: { pull: true } }, ['`pull` is set']],
    [
      'its run is scheduled and takes no cache',
      { inputs: { noCache: true }, context: { eventName: 'schedule' } },
      ['a scheduled run builds anew', '`no-cache` is set'],
    ],
    [
      'a file is not as committed',
      { git: { uncommitted: ['a'] } },
      ['"a" in the context is not as committed'],
    ],
    ['it is built as it was before', {}, []],
    [
      'it only writes files besides',
      { inputs: { settings: buildSettings({ exporters: ['type=local,dest=out'] }) } },
      [],
    ],
  ])('tells those who join it whether %s', (_why, differences, expected) => {
    expect(toldBy(differences)).toEqual(expected)
  })
})
