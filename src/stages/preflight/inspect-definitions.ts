import type { DeployInputs } from '../../core/inputs/inputs.ts'
import { stringAt } from '../../core/json.ts'
import { planDefinition, findMismatch } from '../../core/plan/service/plan-definition.ts'
import { combineErrors } from '../../core/errors/combine.ts'
import type { PlannedImages } from '../../core/plan/image/planned-images.ts'
import type { DefinitionPlan } from '../../core/plan/service/service-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { sayMoves, withRoleArns } from './inspect-services.ts'
import { readChosenDefinition } from './read-definition.ts'

/**
 * Reads and plans the task definition that is to be registered although no service is given.
 * @returns empty where there are services, or no task definition is given.
 * @throws ActionError
 */
export async function inspectDefinitions(
  deploy: DeployInputs,
  image: PlannedImages,
  session: AwsSession,
  ports: Pick<Ports, 'context' | 'files' | 'report' | 'signal'>,
): Promise<readonly DefinitionPlan[]> {
  if (deploy.services.length > 0) return []
  const source = await readChosenDefinition(deploy.taskDefinition.choice, session, ports)
  if (source === undefined) return []
  const facts = { source, launchType: undefined }
  const plan = planDefinition(withRoleArns(deploy, session), facts, image)
  const [mismatch, ...more] = findMismatch(facts, image)
  if (mismatch !== undefined) throw combineErrors([mismatch, ...more])
  sayMoves(plan, stringAt(source.definition, 'family') ?? source.origin, ports)
  return [plan]
}
