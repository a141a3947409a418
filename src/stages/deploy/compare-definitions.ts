import type { JsonObject } from '../../core/json.ts'
import type { ComparedDefinition } from '../../core/plan/describe/describe-definition.ts'
import { plannedReferences, type ExpectedImage } from '../../core/plan/image/planned-reference.ts'
import { renderPlan } from '../../core/plan/render-plan.ts'
import type { DefinitionPlan } from '../../core/plan/service/service-plan.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { findRevision, isIdentical } from './find-revision.ts'
import { writeTaskDefinition } from './write-task-definition.ts'

/**
 * Holds what would be registered against what ECS has, in the order of registering; each is written
 * as a file.
 * @param images As far as they are known; empty: no container's image is changed.
 * @throws ActionError
 */
export async function compareDefinitions(
  plans: readonly DefinitionPlan[],
  images: readonly ExpectedImage[],
  session: AwsSession,
  ports: Pick<Ports, 'context' | 'files' | 'report' | 'signal'>,
): Promise<readonly ComparedDefinition[]> {
  const made: JsonObject[] = []
  const compared: ComparedDefinition[] = []
  for (const plan of plans) {
    const { valid, shown: input } = render(plan, images, ports)
    await writeTaskDefinition(valid, ports)
    const { identical, before } = await findRevision(plan, input, session, ports)
    const registered = identical === undefined && !made.some((other) => isIdentical(other, input))
    if (registered) made.push(input)
    compared.push({ plan, input, registered, before, identical: identical?.name })
  }
  return compared
}

/** The file, and what is told: a digest that is pending is another than that of any revision. */
function render(
  plan: DefinitionPlan,
  images: readonly ExpectedImage[],
  { context }: Pick<Ports, 'context'>,
): { readonly valid: JsonObject; readonly shown: JsonObject } {
  const planned = [...plannedReferences(plan, images)]
  const valid = planned.map(([container, { reference }]) => [container, reference] as const)
  const shown = planned.map(
    ([container, { reference, pending }]) =>
      [container, pending ? `${reference} (digest pending)` : reference] as const,
  )
  return {
    valid: renderPlan(plan, new Map(valid), context.repository),
    shown: renderPlan(plan, new Map(shown), context.repository),
  }
}
