import { parsePolicy } from '../../iam/policy/document.ts'
import { MalformedPolicy } from '../../iam/policy/malformed-policy.ts'
import { stringMember } from '../../wire/members.ts'
import { ServiceError, type JsonObject } from '../../wire/service.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository } from '../store/repository.ts'
import type { EcrOperations } from './operation.ts'
import { named, required, targetRepository } from './target.ts'

/** Operations on repository policies, by which other accounts get in. */
export const repositoryPolicyOperations: EcrOperations = {
  SetRepositoryPolicy: (registry, input) => {
    const repository = targetRepository(registry, input)
    const text = checkedRepositoryPolicy(required(input, 'policyText'))
    repository.settings = { ...repository.settings, repositoryPolicy: text }
    return { ...named(registry, repository), policyText: text }
  },
  GetRepositoryPolicy: (registry, input) => policyJson(registry, targetRepository(registry, input)),
  DeleteRepositoryPolicy: (registry, input) => {
    const repository = targetRepository(registry, input)
    const answer = policyJson(registry, repository)
    repository.settings = { ...repository.settings, repositoryPolicy: undefined }
    return answer
  },
}

/** The repository policy that an input gives, if any, checked. */
export function repositoryPolicyOf(input: JsonObject, member: string): string | undefined {
  const text = stringMember(input, member)
  return text === undefined ? undefined : checkedRepositoryPolicy(text)
}

function policyJson(registry: Registry, repository: Repository): JsonObject {
  const text = repository.settings.repositoryPolicy
  if (text === undefined) {
    throw new ServiceError(
      'RepositoryPolicyNotFoundException',
      `Repository policy does not exist for the repository with name '${repository.name}' in the ` +
        `registry with id '${registry.id}'`,
    )
  }
  return { ...named(registry, repository), policyText: text }
}

function checkedRepositoryPolicy(text: string): string {
  try {
    parsePolicy(text, 'resource')
    return text
  } catch (cause) {
    if (!(cause instanceof MalformedPolicy)) throw cause
    throw invalidParameter('PolicyText', 'Invalid repository policy provided')
  }
}
