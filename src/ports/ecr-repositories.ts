import type { MadeRepository } from '../core/image/repository/maker.ts'
import type { RepositorySettings } from '../core/image/repository/repository-settings.ts'
import type { TagMutability } from '../core/image/repository/tag-mutability.ts'
import type { RepositoryKey } from './ecr.ts'

/** A template by which the first push makes a repository. */
export interface PushTemplate {
  /** `team` covers `team/…`; `ROOT` the rest. */
  readonly prefix: string
  readonly mutability: TagMutability
}

/** The ECR calls that make repositories. All throw AwsFailure. Writes send nothing after `signal`. */
export interface EcrRepositories {
  /** The hosts of accounts' registries in this region, as their `proxyEndpoint` tells them. */
  registryHosts(accountIds: readonly string[]): Promise<readonly string[]>
  /** The creation templates of the caller's registry that are applied for CREATE_ON_PUSH. */
  pushTemplates(): Promise<readonly PushTemplate[]>
  /**
   * Sent once: a repetition would be told `RepositoryAlreadyExistsException` by what its own first
   * sending made.
   */
  createRepository(
    repository: RepositoryKey,
    mutability: TagMutability,
    settings: RepositorySettings,
    signal: AbortSignal,
  ): Promise<void>
  /** @returns undefined where there is no such repository. */
  madeRepository(repository: RepositoryKey): Promise<MadeRepository | undefined>
  putLifecyclePolicy(repository: RepositoryKey, policy: string, signal: AbortSignal): Promise<void>
  setRepositoryPolicy(repository: RepositoryKey, policy: string, signal: AbortSignal): Promise<void>
}
