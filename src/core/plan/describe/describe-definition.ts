import { nameInArn } from '../../name-in-arn.ts'
import { stringAt, type JsonObject } from '../../json.ts'
import { diffTaskDefinitions } from '../../task-definition/diff.ts'
import type { DefinitionPlan } from '../service/service-plan.ts'
import type { DefinitionDescription } from './plan-description.ts'

/** A task definition, rendered, beside what its family has. */
export interface ComparedDefinition {
  readonly plan: DefinitionPlan
  /** The input of RegisterTaskDefinition; in a dry run what is told of it. */
  readonly input: JsonObject
  /** Whether it is registered: neither ECS nor this plan has it yet. */
  readonly registered: boolean
  /** `web:12`, which says the same; undefined: none, or one that this plan registers before. */
  readonly identical: string | undefined
  /** What the service runs, else the newest of the family; undefined: there is none. */
  readonly before: JsonObject | undefined
}

export function describeDefinition(
  compared: ComparedDefinition,
  service: string | undefined,
): DefinitionDescription {
  const { plan, input, registered, identical, before } = compared
  return {
    family: stringAt(input, 'family') ?? '',
    source: plan.source.origin,
    action: registered ? 'register' : 'use',
    ...(identical !== undefined && { revision: identical }),
    ...(service !== undefined && { service }),
    ...(before !== undefined && { comparedWith: nameOf(before) }),
    changes: before === undefined ? [] : diffTaskDefinitions(before, input),
  }
}

function nameOf(definition: JsonObject): string {
  return nameInArn(stringAt(definition, 'taskDefinitionArn') ?? '')
}
