import type { RepositoryReference } from '../image/repository/repository.ts'

/** Whether what a bake file names is an ECR registry of one of these accounts. */
export function isTrusted({ host }: RepositoryReference, accountIds: readonly string[]): boolean {
  return host !== undefined && accountIds.includes(host.accountId)
}
