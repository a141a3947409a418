/** An ECR registry's host, taken apart. Nothing ever puts one together: see {@link parseEcrHost}. */
export interface EcrHost {
  readonly host: string
  /** Empty for ECR Public, whose host does not tell whose a repository is. */
  readonly accountId: string
  readonly region: string
}

/** ECR Public has one host, and its API is in one region (ECR Public user guide, endpoints). */
const publicRegistry: EcrHost = { host: 'public.ecr.aws', accountId: '', region: 'us-east-1' }

/** What the user named under `repository`: a bare name, or a host and a name. */
export interface RepositoryReference {
  readonly name: string
  /** As written; absent means: the host that ECR answers for the repository. */
  readonly host?: EcrHost
}

/** A repository that exists: its host is as the user wrote it or as ECR answered it. */
export interface Repository {
  readonly registry: EcrHost
  readonly name: string
}

// <account>.dkr.ecr[-fips].<region>.<domain>, and dual-stack <account>.dkr-ecr[-fips].<region>.on.<domain>.
const hostPattern = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.([a-z0-9.-]+)$/

/**
 * The domains of ECR in all partitions (AWS SDK, partitions; ECR user guide, endpoints; the dual-stack
 * ones as in amazon-ecr-credential-helper). Another that begins alike is somebody's own: its owner
 * would be shown the registry's password.
 */
const domains: ReadonlySet<string> = new Set([
  ...['amazonaws.com', 'on.aws', 'amazonaws.com.cn', 'on.amazonwebservices.com.cn'],
  ...['amazonaws.eu', 'on.amazonwebservices.eu', 'c2s.ic.gov', 'on.aws.ic.gov'],
  ...['sc2s.sgov.gov', 'on.aws.scloud', 'cloud.adc-e.uk', 'on.cloud-aws.adc-e.uk'],
  ...['csp.hci.ic.gov', 'on.aws.hci.ic.gov'],
])

/** Repository names as CreateRepository accepts them (ECR API reference, repositoryName). */
const namePattern = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/

/** @returns undefined where `host` is not a private ECR registry's. */
export function parseEcrHost(host: string): EcrHost | undefined {
  const [, accountId, region, domain = ''] = hostPattern.exec(host) ?? []
  if (accountId === undefined || region === undefined || !domains.has(domain)) return undefined
  return { host, accountId, region }
}

/** @returns undefined where `host` is neither a private ECR registry's nor ECR Public's. */
export function parseRegistryHost(host: string): EcrHost | undefined {
  return isPublic({ host }) ? publicRegistry : parseEcrHost(host)
}

/** Whether `registry` is ECR Public, which has its own API and no tag mutability, scans or accounts. */
export function isPublic({ host }: { readonly host?: string }): boolean {
  return host === publicRegistry.host
}

/** Whether ECR takes `name`: 2 to 256 characters, lower case, separators only inside. */
export function isRepositoryName(name: string): boolean {
  return name.length >= 2 && name.length <= 256 && namePattern.test(name)
}

/** Reads `name` or `host/name`. @returns undefined where it is neither. */
export function parseRepositoryReference(text: string): RepositoryReference | undefined {
  const slash = text.indexOf('/')
  // A host behind which a name stands would pass for a name itself, so it is looked for first.
  const written = text.slice(0, Math.max(0, slash))
  const host = parseRegistryHost(written)
  if (host === undefined) {
    return isRepositoryName(text) && !hostPattern.test(written) ? { name: text } : undefined
  }
  const name = text.slice(slash + 1)
  // The first part of a public name is the alias of its registry.
  const whole = isRepositoryName(name) && (!isPublic(host) || name.includes('/'))
  return whole ? { name, host } : undefined
}

/** Whether both are one repository, whatever forms (FIPS, dual-stack) their hosts have. */
export function isSameRepository(one: Repository, other: Repository): boolean {
  const { registry } = one
  return (
    one.name === other.name &&
    registry.region === other.registry.region &&
    registry.accountId === other.registry.accountId &&
    isPublic(registry) === isPublic(other.registry)
  )
}

/** `host/name`, what a tag or a digest is put behind. */
export function repositoryUri(repository: Repository): string {
  return `${repository.registry.host}/${repository.name}`
}
