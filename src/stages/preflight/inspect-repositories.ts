import { defaultMutability } from '../../core/image/repository/default-mutability.ts'
import type { Platform } from '../../core/image/platform.ts'
import type { RepositoryFacts } from '../../core/image/repository/repository-facts.ts'
import type { TagRules } from '../../core/image/naming/tag-rules/tag-rule.ts'
import type { PublishInputs } from '../../core/inputs/publish/publish.ts'
import type { ImageTarget } from '../../core/plan/image/planned-images.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { inspectRepository, type TagNames } from './inspect-repository.ts'
import { Objections } from './objections.ts'
import type { NewRepository } from './foresee-repository.ts'

/** All repositories that an image goes to. */
export interface InspectedRepositories {
  /** What is built is pushed here. */
  readonly repository: RepositoryFacts
  /** These get the same bytes, in the order of their lines. */
  readonly copies: readonly RepositoryFacts[]
}

/**
 * Reads what a release must know of every repository that it writes to.
 * @throws ActionError telling everything that is wrong with any of them.
 */
export async function inspectRepositories(
  publish: PublishInputs,
  names: TagNames,
  creation: NewRepository | undefined,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<InspectedRepositories> {
  const objections = new Objections()
  const [source, ...copies] = await Promise.all(
    [publish.repository, ...publish.copies].map((reference) =>
      objections.collect(inspectRepository(reference, names, session, ports, creation)),
    ),
  )
  objections.raise()
  if (source === undefined) throw new TypeError('a preflight read ended without result or error')
  return { repository: source, copies: copies.flatMap((copy) => copy ?? []) }
}

/** The image before it is built, as services and definitions are planned with it. */
export function targetOf(
  { repository, copies }: InspectedRepositories,
  platforms: readonly Platform[],
  { region }: AwsSession,
): ImageTarget {
  const homes = copies.map((copy) => copy.repository)
  return { repository: repository.repository, copies: homes, platforms, region }
}

/** How a missing repository is made, where `create-repository` says that it is. */
export function newRepositoryOf(
  { creation }: PublishInputs,
  rules: TagRules,
): NewRepository | undefined {
  return (
    creation && { settings: creation, mutability: creation.mutability ?? defaultMutability(rules) }
  )
}
