import type { CacheStore } from '../../core/buildx/cache/store.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import type { RepositorySettings } from '../../core/image/repository/repository-settings.ts'
import type { RepositoryReference } from '../../core/image/repository/repository.ts'
import type { CacheInputs } from '../../core/inputs/build/cache.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { foreseeRepository, type NewRepository } from './foresee-repository.ts'
import { findRepository, repositoryNotFound } from './inspect-repository.ts'

/**
 * Finds where caches are kept. A bucket is not asked: that a cache cannot be read or written there
 * is told by the build, and does not fail it.
 * @param creation With what a cache repository that is missing is made, where no template of the
 * registry covers it; undefined: that is an error.
 * @throws ActionError `repository-not-found`, naming `cache-repository`; `access-denied`, …
 */
export async function inspectCache(
  cache: CacheInputs,
  creation: RepositorySettings | undefined,
  session: AwsSession,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<CacheStore> {
  switch (cache.kind) {
    case 'registry': {
      const found = await findRepository(cache.repository, session)
      if (found !== undefined) {
        return { kind: 'registry', repository: found.repository, mutability: found.description }
      }
      const fresh = creation && newCache(creation)
      const facts = await foreseeRepository(cache.repository, fresh, session, ports)
      if (facts === undefined) throw cacheNotFound(cache.repository, session)
      return { kind: 'registry', ...facts }
    }
    case 's3':
      return { ...cache, region: session.region }
    case 'off':
    case 'gha':
    case 'inline':
      return cache
  }
}

/** Every build moves the tag of its cache; policies and scans are for images. */
function newCache({ encryption, tags }: RepositorySettings): NewRepository {
  const mutability = { tagMutability: 'MUTABLE', exclusionFilters: [] }
  const none = { lifecyclePolicy: undefined, repositoryPolicy: undefined, scanOnPush: false }
  return { mutability, settings: { mutability, encryption, tags, ...none } }
}

function cacheNotFound(reference: RepositoryReference, session: AwsSession): ActionError {
  const { code, message, remedy } = repositoryNotFound(reference, session)
  return new ActionError(
    code,
    `cache-repository: ${message}`,
    remedy.replace('`repository`', '`cache-repository`'),
  )
}
