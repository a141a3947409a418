import type { Attributes } from '../inputs/build/elements.ts'
import { fieldOf } from './definition.ts'

/** Where buildx may look for a secret of a bake file. */
export interface SecretSources {
  /** Seen from the workspace, or absolute. */
  readonly paths: readonly string[]
  /** Variables of the job. */
  readonly variables: readonly string[]
}

/**
 * Every place that the fields of a secret name. An id without a place is one itself: a variable of
 * that name, else a file of that path (moby/buildkit, session/secrets/secretsprovider/store.go);
 * `src` and `source` are one field, whose last value counts (docker/buildx, util/buildflags/secrets.go).
 */
export function sourcesOfSecret(secret: Attributes): SecretSources {
  const valuesOf = (...keys: readonly string[]) =>
    secret.flatMap(([key, value]) => (keys.includes(key) && value !== '' ? [value] : []))
  const paths = valuesOf('src', 'source')
  const variables = valuesOf('env')
  if (fieldOf(secret, 'type') === 'env') return { paths: [], variables: [...variables, ...paths] }
  if (paths.length > 0 || variables.length > 0) return { paths, variables }
  const ids = valuesOf('id')
  return { paths: ids, variables: ids }
}
