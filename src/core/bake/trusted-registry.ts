import type { RepositoryReference } from '../image/repository/repository.ts'

/**
 * The ends of the hosts of Amazon ECR in all partitions (AWS SDK, partitions; ECR user guide,
 * endpoints). Whoever writes a bake file must not name another that begins alike: its owner would be
 * shown the registry's password.
 */
const awsDomains = new Set([
  ...['amazonaws.com', 'amazonaws.com.cn', 'on.aws', 'on.amazonwebservices.com.cn'],
  ...['amazonaws.eu', 'c2s.ic.gov', 'sc2s.sgov.gov', 'csp.hci.ic.gov', 'cloud.adc-e.uk'],
])

/** Whether what a bake file names is an ECR registry of one of these accounts. */
export function isTrusted({ host }: RepositoryReference, accountIds: readonly string[]): boolean {
  if (host === undefined || !accountIds.includes(host.accountId)) return false
  return [...awsDomains].some((domain) => host.host.endsWith(`.${host.region}.${domain}`))
}
