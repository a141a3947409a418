import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { Roles } from '../../ports/roles.ts'
import { callAws } from './failure.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'

/** IAM by its SDK, loaded at the first question: most runs have none. */
export function createRoles(settings: AwsClientSettings): Roles {
  return {
    async exists(name) {
      const { GetRoleCommand, IAMClient } = await import('@aws-sdk/client-iam')
      const iam = new IAMClient(clientConfiguration(settings, 3))
      try {
        await callAws('IAM', 'GetRole', () => iam.send(new GetRoleCommand({ RoleName: name })))
        return true
      } catch (error) {
        if (error instanceof AwsFailure && /^NoSuchEntity/.test(error.code)) return false
        throw error
      } finally {
        iam.destroy()
      }
    },
  }
}
