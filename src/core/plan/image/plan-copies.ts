import { ActionError } from '../../errors/action-error.ts'
import { combineErrors } from '../../errors/combine.ts'
import { shortDigest } from '../../image/digest.ts'
import type { PushedImage } from '../../image/image.ts'
import { refuseFixedTags } from '../../image/naming/moving-tags.ts'
import { toPushedImage } from '../../image/content/registry-image.ts'
import type { RepositoryFacts } from '../../image/repository/repository-facts.ts'
import { repositoryUri } from '../../image/repository/repository.ts'
import { isImmutable } from '../../image/repository/tag-mutability.ts'
import { missingPlatforms } from '../../image/content/verify.ts'
import type { CopyPlan } from './image-plan.ts'
import type { ReuseBasis } from './plan-reuse.ts'

/**
 * Decides what each further repository gets: nothing where it has the source's bytes already, else a
 * copy. An image that is yet to be built is surely none that is there.
 * @param source What the source has already; undefined: it is built.
 * @throws ActionError `reuse-refused` where an immutable identity tag holds something else,
 * `tag-immutable` where a moving tag cannot move; of all repositories together.
 */
export function planCopies(
  basis: ReuseBasis,
  source: PushedImage | undefined,
): readonly CopyPlan[] {
  const errors: ActionError[] = []
  const plans = basis.copies.map((facts) => {
    try {
      refuseTakenTag(basis, facts, source)
      refuseFixedTags(basis.identity, facts, source?.digest)
    } catch (error) {
      if (!(error instanceof ActionError)) throw error
      errors.push(error)
    }
    return { repository: facts.repository, existing: copyThere(basis, facts, source) }
  })
  const [first, ...more] = errors
  if (first !== undefined) throw combineErrors([first, ...more])
  return plans
}

function refuseTakenTag(
  { identity, inputs }: ReuseBasis,
  { repository, mutability, existing }: RepositoryFacts,
  source: PushedImage | undefined,
): void {
  // Who turns the proof off builds all the same; another digest fails when it is put there.
  if (source === undefined && inputs.skipExisting === 'false') return
  for (const tag of identity.identityTags) {
    const image = existing.get(tag)
    if (image === undefined || image.digest === source?.digest) continue
    if (!isImmutable(tag, mutability)) continue
    const why =
      source === undefined
        ? 'the source has no proven image of this commit, so that another one is built'
        : `the source has ${shortDigest(source.digest)}`
    throw new ActionError(
      'reuse-refused',
      `immutable tag "${tag}" of "${repositoryUri(repository)}" holds ${shortDigest(image.digest)}, but ${why}`,
      'Name that repository first in `repository` to use what it has, or build another commit; nothing was built.',
    )
  }
}

/** The source's bytes in a further repository, where a tag of ours names them whole. */
function copyThere(
  { identity: { identityTags, version, commit } }: ReuseBasis,
  { repository, existing }: RepositoryFacts,
  source: PushedImage | undefined,
): PushedImage | undefined {
  if (source === undefined) return undefined
  const tags = identityTags.filter((tag) => existing.get(tag)?.digest === source.digest)
  const [tag = ''] = tags
  const image = existing.get(tag)
  const platforms = source.platforms.map(({ platform }) => platform)
  if (image === undefined || missingPlatforms(image, platforms).length > 0) return undefined
  return toPushedImage(image, { repository, tags, version, commit, reused: true })
}
