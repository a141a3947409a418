import { ActionError } from '../../core/errors/action-error.ts'
import type { Digest } from '../../core/image/digest.ts'
import type { RegistryImage } from '../../core/image/content/registry-image.ts'
import type { RepositoryFacts } from '../../core/image/repository/repository-facts.ts'
import {
  isPublic,
  parseEcrHost,
  type EcrHost,
  type Repository,
  type RepositoryReference,
} from '../../core/image/repository/repository.ts'
import { isImmutable } from '../../core/image/repository/tag-mutability.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ecr, RepositoryDescription } from '../../ports/ecr.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, keyOf, placeOf } from '../aws/ask-ecr.ts'
import { foreseeRepository, type NewRepository } from './foresee-repository.ts'
import { readImage } from '../aws/read-image.ts'
import { readOwnPlatform } from '../aws/read-own-platform.ts'

/** The names that an image is to get. */
export interface TagNames {
  readonly identityTags: readonly string[]
  readonly movingTags: readonly string[]
}

/**
 * Reads what a release must know of its repository: that it exists or is made by the push, its host, how it treats tags,
 * and what the tags name now, the identity tags and those moving ones that it keeps from moving.
 * @param creation How it is made where it is missing, and no template of the registry covers it;
 * undefined: that is an error.
 * @throws ActionError `repository-not-found`, `access-denied`, …
 */
export async function inspectRepository(
  reference: RepositoryReference,
  { identityTags, movingTags }: TagNames,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
  creation?: NewRepository,
): Promise<RepositoryFacts> {
  const located = await findRepository(reference, session)
  if (located === undefined) {
    const foreseen = await foreseeRepository(reference, creation, session, ports)
    if (foreseen === undefined) throw repositoryNotFound(reference, session)
    return foreseen
  }
  const { repository, description } = located
  const ecr = session.ecr(repository.registry)
  const found = await Promise.all(
    identityTags.map(async (tag) => {
      const image = await readImage(ecr, repository, { tag })
      return { tag, image: image && (await readOwnPlatform(image, repository, ecr, ports)) }
    }),
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

/** A repository that is there. */
export interface LocatedRepository {
  readonly repository: Repository
  readonly description: RepositoryDescription
}

/** Finds a repository that must exist. @throws ActionError `repository-not-found`, … */
export async function locateRepository(
  reference: RepositoryReference,
  session: AwsSession,
): Promise<LocatedRepository> {
  const found = await findRepository(reference, session)
  if (found === undefined) throw repositoryNotFound(reference, session)
  return found
}

/**
 * Looks for a repository. Its host is as it was written, else as ECR answers it.
 * @returns undefined where it is missing.
 */
export async function findRepository(
  reference: RepositoryReference,
  session: AwsSession,
): Promise<LocatedRepository | undefined> {
  const { region, accountId } = placeFor(reference, session)
  const place = { region, accountId, repository: reference.name }
  const description = await askEcr(place, () =>
    session.ecr(reference.host ?? { region }).describeRepository(reference.name, accountId),
  )
  if (description === undefined) return undefined
  const registry = reference.host ?? hostOf(description, region)
  return { repository: { registry, name: reference.name }, description }
}

/** Another ECR-compatible endpoint may have hosts of its own form; the answer's other members say the rest. */
function hostOf(description: RepositoryDescription, region: string): EcrHost {
  const host = description.uri.slice(0, description.uri.indexOf('/'))
  return parseEcrHost(host) ?? { host, accountId: description.accountId, region }
}

function placeFor(
  { host }: RepositoryReference,
  { region, caller }: AwsSession,
): { readonly region: string; readonly accountId: string } {
  return { region: host?.region ?? region, accountId: host?.accountId ?? caller.accountId }
}

/** Why a run ends at a repository that is missing, and is made by nobody. */
export function repositoryNotFound(
  reference: RepositoryReference,
  session: AwsSession,
): ActionError {
  const { name, host } = reference
  const { region, accountId } = placeFor(reference, session)
  if (host !== undefined && isPublic(host)) return publicNotFound(name, session)
  const registry = host === undefined ? '' : ` on "${host.host}"`
  return new ActionError(
    'repository-not-found',
    `repository "${name}"${registry} does not exist in ${region} of account ${accountId}`,
    `Create it (aws ecr create-repository --repository-name ${name} --region ${region}), set \`create-repository: true\`, or correct \`repository\`; nothing was built.`,
  )
}

function publicNotFound(name: string, { caller }: AwsSession): ActionError {
  const [, ...own] = name.split('/')
  return new ActionError(
    'repository-not-found',
    `account ${caller.accountId} has no repository "${name}" in ECR Public`,
    `Create it (aws ecr-public create-repository --repository-name ${own.join('/')} --region us-east-1), or correct the alias; nothing was built.`,
  )
}
