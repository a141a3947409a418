import { ActionError } from '../errors/action-error.ts'
import type { AwsFailure } from '../errors/aws-failure.ts'
import { describePlace, oneLine, type EcsFault, type EcsPlace } from './ecs-fault.ts'
import { generalFaults } from './ecs-general.ts'
import { runTaskFaults } from './ecs-run-task.ts'
import { serviceFaults } from './ecs-service.ts'
import { taskDefinitionFaults } from './ecs-task-definition.ts'

/** The particular before the general (texts: docs/errors.md). */
const catalogue: readonly EcsFault[] = [
  ...taskDefinitionFaults,
  ...runTaskFaults,
  ...serviceFaults,
  ...generalFaults,
]

/** An ECS refusal in our words; an unknown one keeps AWS's own. */
export function explainEcs(failure: AwsFailure, place: EcsPlace): ActionError {
  const known = catalogue.find((fault) => fault.matches(failure))
  const where = describePlace(place)
  const cause = { cause: failure }
  if (known === undefined) {
    return new ActionError(
      'aws-refused',
      `ECS refused ${failure.operation} for ${where}: ${failure.code}: ${oneLine(failure)}`,
      'This refusal is not in the catalogue; AWS words it as above.',
      cause,
    )
  }
  return new ActionError(
    known.code,
    known.message(failure, where),
    known.remedy(failure, place),
    cause,
  )
}
