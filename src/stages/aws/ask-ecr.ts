import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainEcr, type EcrPlace } from '../../core/faults/ecr.ts'
import type { EcrHost, Repository } from '../../core/image/repository/repository.ts'
import type { RepositoryKey } from '../../ports/ecr.ts'
import { untilAborted } from './until-aborted.ts'

/** Makes ECR calls whose failure names the place. @throws ActionError */
export async function askEcr<T>(place: EcrPlace, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw error instanceof AwsFailure ? explainEcr(error, place) : error
  }
}

/**
 * Like {@link askEcr} for writes: none is made after the signal, and one in flight is not awaited.
 * @throws ActionError, or the signal's reason.
 */
export async function writeEcr<T>(
  place: EcrPlace,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  return await askEcr(place, () => untilAborted(call, signal))
}

/** The place of calls on a registry. */
export function registryPlaceOf({ region, accountId }: EcrHost): EcrPlace {
  return { region, accountId: accountId === '' ? undefined : accountId, repository: undefined }
}

export function placeOf(repository: Repository, tag?: string): EcrPlace {
  const place = registryPlaceOf(repository.registry)
  return { ...place, repository: repository.name, ...(tag !== undefined && { tag }) }
}

export function keyOf(repository: Repository): RepositoryKey {
  return { name: repository.name, accountId: repository.registry.accountId }
}
