import type { RepositoryCreation } from './repository-settings.ts'
import type { TagMutability } from './tag-mutability.ts'

/** A repository as DescribeRepositories tells how it was made. */
export interface MadeRepository {
  readonly createdAt: Date | undefined
  readonly mutability: TagMutability
  readonly scanOnPush: boolean
  readonly encryptionType: string
}

/** Who made a repository: this run, somebody else, or one of them, which cannot be told. */
export type Maker = 'us' | 'others' | 'unclear'

/** How far the clocks of ECR and of this machine may differ, and ECR's leaves out parts of a second. */
const clocksDifferMs = 5_000

/**
 * Who made a repository that is there after a CreateRepository of ours got no answer. One made since
 * then, as we asked for it, is ours. Its KMS key is not compared: it may be asked for by an alias.
 * @param askedAt When we asked first.
 */
export function makerOf(
  found: MadeRepository,
  { mutability, settings }: Extract<RepositoryCreation, { kind: 'create' }>,
  askedAt: Date,
): Maker {
  const asAsked =
    isSame(found.mutability, mutability) &&
    found.scanOnPush === settings.scanOnPush &&
    found.encryptionType === settings.encryption.type
  if (!asAsked) return 'others'
  const createdMs = found.createdAt?.getTime() ?? -Infinity
  return createdMs >= askedAt.getTime() - clocksDifferMs ? 'us' : 'unclear'
}

function isSame(one: TagMutability, other: TagMutability): boolean {
  const filtersOf = ({ exclusionFilters }: TagMutability) => exclusionFilters.toSorted().join()
  return one.tagMutability === other.tagMutability && filtersOf(one) === filtersOf(other)
}
