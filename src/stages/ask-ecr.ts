import { AwsFailure } from '../core/errors/aws-failure.ts'
import { explainEcr, type EcrPlace } from '../core/faults/ecr.ts'
import type { Repository } from '../core/image/repository.ts'
import type { RepositoryKey } from '../ports/ecr.ts'

/** Makes ECR calls whose failure names the place. @throws ActionError */
export async function askEcr<T>(place: EcrPlace, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw error instanceof AwsFailure ? explainEcr(error, place) : error
  }
}

export function placeOf(repository: Repository, tag?: string): EcrPlace {
  const { region, accountId } = repository.registry
  return { region, accountId, repository: repository.name, ...(tag !== undefined && { tag }) }
}

export function keyOf(repository: Repository): RepositoryKey {
  return { name: repository.name, accountId: repository.registry.accountId }
}
