import { ActionError } from '../core/errors/action-error.ts'
import type { Digest } from '../core/image/digest.ts'
import type { RegistryImage } from '../core/image/registry-image.ts'
import type { RepositoryFacts } from '../core/image/repository-facts.ts'
import {
  parseEcrHost,
  type EcrHost,
  type Repository,
  type RepositoryReference,
} from '../core/image/repository.ts'
import { isImmutable } from '../core/image/tag-mutability.ts'
import type { AwsSession } from '../ports/aws.ts'
import type { Ecr, RepositoryDescription } from '../ports/ecr.ts'
import type { Ports } from '../ports/ports.ts'
import { askEcr, keyOf, placeOf } from './ask-ecr.ts'
import { readImage } from './read-image.ts'

/** The names that an image is to get. */
export interface TagNames {
  readonly identityTags: readonly string[]
  readonly movingTags: readonly string[]
}

/**
 * Reads what a release must know of its repository: that it exists, its host, how it treats tags,
 * and what the tags name now, the identity tags and those moving ones that it keeps from moving.
 * @throws ActionError `repository-not-found`, `access-denied`, …
 */
export async function inspectRepository(
  reference: RepositoryReference,
  { identityTags, movingTags }: TagNames,
  session: AwsSession,
  ports: Pick<Ports, 'report'>,
): Promise<RepositoryFacts> {
  const { repository, description } = await locateRepository(reference, session)
  const ecr = session.ecr(repository.registry.region)
  const found = await Promise.all(
    identityTags.map(async (tag) => ({ tag, image: await readImage(ecr, repository, { tag }) })),
  )
  const existing = new Map<string, RegistryImage>()
  for (const { tag, image } of found) if (image !== undefined) existing.set(tag, image)
  ports.report.detail(
    `repository ${description.uri}: ${description.tagMutability}, ${existing.size} of ${identityTags.length} identity tags taken`,
  )
  const fixed = movingTags.filter((tag) => isImmutable(tag, description))
  return {
    repository,
    mutability: description,
    existing,
    taken: await namedBy(fixed, repository, ecr),
  }
}

/** What each tag names now; a tag without an entry is free. */
async function namedBy(
  tags: readonly string[],
  repository: Repository,
  ecr: Ecr,
): Promise<ReadonlyMap<string, Digest>> {
  const named = await Promise.all(
    tags.map(async (tag) => {
      const stored = await askEcr(placeOf(repository, tag), () =>
        ecr.readManifest(keyOf(repository), { tag }),
      )
      return stored === undefined ? [] : [[tag, stored.digest] as const]
    }),
  )
  return new Map(named.flat())
}

/** Finds a repository that must exist: its host as it was written, else as ECR answers it. */
export async function locateRepository(
  reference: RepositoryReference,
  session: AwsSession,
): Promise<{ readonly repository: Repository; readonly description: RepositoryDescription }> {
  const region = reference.host?.region ?? session.region
  const accountId = reference.host?.accountId ?? session.caller.accountId
  const place = { region, accountId, repository: reference.name }
  const description = await askEcr(place, () =>
    session.ecr(region).describeRepository(reference.name, accountId),
  )
  if (description === undefined) throw notFound(reference, region, accountId)
  const registry = reference.host ?? hostOf(description, region)
  return { repository: { registry, name: reference.name }, description }
}

/** Another ECR-compatible endpoint may have hosts of its own form; the answer's other members say the rest. */
function hostOf(description: RepositoryDescription, region: string): EcrHost {
  const host = description.uri.slice(0, description.uri.indexOf('/'))
  return parseEcrHost(host) ?? { host, accountId: description.accountId, region }
}

function notFound(
  { name, host }: RepositoryReference,
  region: string,
  accountId: string,
): ActionError {
  const registry = host === undefined ? '' : ` on "${host.host}"`
  return new ActionError(
    'repository-not-found',
    `repository "${name}"${registry} does not exist in ${region} of account ${accountId}`,
    `Create it (aws ecr create-repository --repository-name ${name} --region ${region}), or correct \`repository\`; nothing was built.`,
  )
}
