import { describe, expect, it } from '@jest/globals'
import { joinLegs } from '../../../../src/core/image/content/join-legs.ts'
import type { RegistryImage } from '../../../../src/core/image/content/registry-image.ts'
import { identifyImage } from '../../../../src/core/image/naming/tags.ts'
import type { Platform } from '../../../../src/core/image/platform.ts'
import type { RepositoryFacts } from '../../../../src/core/image/repository/repository-facts.ts'
import type { SkipExisting } from '../../../../src/core/inputs/inputs.ts'
import type { MergedImagePlan } from '../../../../src/core/plan/image/image-plan.ts'
import { planMergedImage } from '../../../../src/core/plan/image/plan-merged-image.ts'
import type { RunContext } from '../../../../src/core/run-context.ts'
import { buildInputs } from '../../../support/build-inputs.ts'
import { registryImage } from '../../../support/registry-image.ts'
import { commit, runContext } from '../../../support/run-context.ts'

type About = NonNullable<Parameters<typeof registryImage>[0]>

const tag = `sha-${commit}`
const platforms: readonly Platform[] = ['linux/amd64', 'linux/arm64']
const older = registryImage()

const uncommitted = '"a" in the context is not as committed'

const join = (told: Pick<About, 'obstacles' | 'freshness'> = {}) =>
  joinLegs(
    platforms.map((platform) => registryImage({ platforms: [platform], ...told })),
    { platforms, commit, annotations: {} },
  )
/** A repository whose tag of the commit names `image`. */
const holding = (image: RegistryImage, tagMutability: string): RepositoryFacts => ({
  repository: {
    registry: { host: 'host', accountId: '123456789012', region: 'us-east-1' },
    name: 'team/app',
  },
  mutability: { tagMutability, exclusionFilters: [] },
  existing: new Map([[tag, image]]),
  taken: new Map(),
})

interface Differences {
  readonly context?: Partial<RunContext>
  readonly skipExisting?: SkipExisting
  readonly joined?: ReturnType<typeof join>
  readonly repository?: RepositoryFacts
  readonly copies?: readonly RepositoryFacts[]
}

function plan(differences: Differences = {}): MergedImagePlan {
  const { skipExisting = 'auto', joined = join(), copies = [] } = differences
  const { repository = holding(older, 'IMMUTABLE') } = differences
  const inputs = buildInputs({ skipExisting })
  const context = runContext(differences.context)
  const identity = identifyImage(context, inputs.tagRules, new Date(0))
  return planMergedImage({ inputs, context, identity, joined, repository, copies })
}

describe('legs beside an older image of their commit', () => {
  it('are the same image where they were built of equal facts', () => {
    expect(plan().existing).toMatchObject({ digest: older.digest, reused: true })
  })

  it('are copied with as many retries as the user allows', () => {
    expect(plan().retries).toBe(2)
  })

  it.each<[string, Differences, RegExp]>([
    ['a leg pulled', { joined: join({ freshness: ['`pull` is set'] }) }, /`pull` is set/],
    [
      'a leg had files that nobody committed',
      { joined: join({ obstacles: [uncommitted] }) },
      /"a" in the context is not as committed/,
    ],
    ['the run is scheduled', { context: { eventName: 'schedule' } }, /a scheduled run builds anew/],
  ])('are no less than what is deployed where %s', (_why, differences, message) => {
    expect(() => plan(differences)).toThrow(expect.objectContaining({ code: 'reuse-refused' }))
    expect(() => plan(differences)).toThrow(message)
    const mutable = { ...differences, repository: holding(older, 'MUTABLE') }
    for (const more of [
      { context: { runAttempt: 2, ...differences.context } },
      { skipExisting: 'true' } as const,
    ]) {
      const merged = plan({ ...mutable, ...more })
      expect(merged).toMatchObject({ existing: undefined, replaces: older.digest })
      expect(merged.reason).toMatch(message)
    }
  })

  it('tell once what both legs and the run say', () => {
    const joined = join({ freshness: ['a scheduled run builds anew'] })
    const repository = holding(older, 'MUTABLE')
    const { reason } = plan({ joined, repository, context: { eventName: 'schedule' } })
    expect(reason).toBe('a scheduled run builds anew')
  })
})

describe('legs of a clean context beside an older image of their commit', () => {
  it('are no less than what is deployed where that one had files that nobody committed', () => {
    const dirty = registryImage({ obstacles: [uncommitted] })
    const reason = `the image that is there was built with: ${uncommitted}`
    const immutable = { repository: holding(dirty, 'IMMUTABLE') }
    expect(() => plan(immutable)).toThrow(expect.objectContaining({ code: 'reuse-refused' }))
    expect(() => plan(immutable)).toThrow(reason)
    const asked = { repository: holding(dirty, 'MUTABLE'), skipExisting: 'true' } as const
    expect(plan(asked)).toMatchObject({ existing: undefined, replaces: dirty.digest, reason })
  })

  it('are the same image where that one only was to be built anew', () => {
    const anew = registryImage({ freshness: ['`pull` is set'] })
    const { existing } = plan({ repository: holding(anew, 'IMMUTABLE') })
    expect(existing?.digest).toBe(anew.digest)
  })
})

describe('legs that are joined once more', () => {
  const joined = join({ freshness: ['`pull` is set'], obstacles: [uncommitted] })
  const again: RegistryImage = {
    ...registryImage({ obstacles: [uncommitted] }),
    digest: joined.index.digest,
  }

  it.each(['IMMUTABLE', 'MUTABLE'])('are the very image that is there: %s', (mutability) => {
    const context = { eventName: 'schedule' }
    const { existing } = plan({ joined, context, repository: holding(again, mutability) })
    expect(existing).toMatchObject({ digest: joined.index.digest, tags: [tag] })
  })

  it('are not copied to where the same bytes are under an immutable tag', () => {
    const copies = [holding(again, 'IMMUTABLE')]
    const merged = plan({ joined, copies, repository: holding(again, 'MUTABLE') })
    expect(merged.copies[0]?.existing?.digest).toBe(joined.index.digest)
  })
})
