import type { EcrHost } from '../../core/image/repository/repository.ts'
import type { PullRegistry } from '../../core/inputs/publish/registries.ts'
import type { AwsSession } from '../../ports/aws.ts'
import { hostOf } from './foresee-repository.ts'

/** The hosts that a build may pull from: as they were written, else as ECR tells them. @throws ActionError */
export async function locateRegistries(
  registries: readonly PullRegistry[],
  session: AwsSession,
): Promise<readonly EcrHost[]> {
  return await Promise.all(
    registries.map(async (registry) =>
      registry.kind === 'host'
        ? registry.host
        : await hostOf(registry.accountId, session.region, session),
    ),
  )
}
