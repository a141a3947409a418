import { parseRegistryHost, type EcrHost } from '../../image/repository/repository.ts'
import type { InputReader } from '../reader.ts'

/** A registry that builds may pull from: an account's in the region of the run, or a host. */
export type PullRegistry =
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'host'; readonly host: EcrHost }

/** `registries`: account ids and hosts. */
export function readRegistries(reader: InputReader): readonly PullRegistry[] {
  return reader.list('registries').flatMap((text): PullRegistry[] => {
    const host = parseRegistryHost(text)
    if (host !== undefined) return [{ kind: 'host', host }]
    if (/^\d{12}$/.test(text)) return [{ kind: 'account', accountId: text }]
    reader.reject(
      'registries',
      'is neither an account id (12 digits) nor the host of an ECR registry',
      text,
    )
    return []
  })
}
