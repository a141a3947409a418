import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { combineErrors } from '../../core/errors/combine.ts'
import { newRoles, type NewRole } from '../../core/plan/service/new-roles.ts'
import type { DefinitionPlan } from '../../core/plan/service/service-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { untilAborted } from '../aws/until-aborted.ts'

/**
 * Looks for the roles that planned definitions bring along: ECS registers a definition whose role is
 * not there, and its tasks then never start. Asks nothing where the roles are those that run already.
 * Whoever may not ask IAM goes on without.
 * @throws ActionError `role-not-found`
 */
export async function checkRoles(
  definitions: readonly DefinitionPlan[],
  session: Pick<AwsSession, 'caller' | 'roles'>,
  ports: Pick<Ports, 'report' | 'signal'>,
): Promise<void> {
  const wanted = new Map(
    definitions
      .flatMap((definition) => newRoles(definition, session.caller.accountId))
      .map((role) => [`${role.name} ${role.member} ${role.origin}`, role]),
  )
  const missing = await Promise.all(
    [...wanted.values()].map(async (role) => {
      const isThere = await look(role, session, ports)
      return isThere ? [] : [notFound(role)]
    }),
  )
  const [first, ...more] = missing.flat()
  if (first !== undefined) throw combineErrors([first, ...more])
}

/** A look that fails shows nothing. */
async function look(
  { name }: NewRole,
  { roles }: Pick<AwsSession, 'roles'>,
  { report, signal }: Pick<Ports, 'report' | 'signal'>,
): Promise<boolean> {
  try {
    return await untilAborted(() => roles.exists(name), signal)
  } catch (error) {
    if (!(error instanceof AwsFailure)) throw error
    report.detail(`whether role "${name}" is there is not known: ${error.code}: ${error.message}`)
    return true
  }
}

function notFound({ written, member, origin }: NewRole): ActionError {
  return new ActionError(
    'role-not-found',
    `${origin}: ${member} "${written}" is no role of this account`,
    `Create the role, or correct ${member}; nothing was built or registered.`,
  )
}
