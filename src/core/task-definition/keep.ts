import { dateAt, objectsAt, stringAt, type JsonObject } from '../json.ts'
import { nameInArn } from '../name-in-arn.ts'

/** Revisions of this many deployments of a service stay, whatever their age: ECS may return to them. */
const deploymentsKept = 10

/** `web` of `…:task-definition/web:12` */
export function familyOf(taskDefinitionArn: string): string {
  return nameInArn(taskDefinitionArn).split(':', 1).join('')
}

/**
 * The revisions of a family that may go, as far as numbers and use tell.
 * @param active ARNs of its ACTIVE revisions.
 * @param keep How many of the newest stay.
 * @param inUse ARNs of revisions that stay whatever their number.
 * @returns the newest first.
 */
export function revisionsBeyond(
  active: readonly string[],
  keep: number,
  inUse: ReadonlySet<string>,
): readonly string[] {
  const newestFirst = active.toSorted((one, other) => revisionOf(other) - revisionOf(one))
  return newestFirst.slice(keep).filter((arn) => !inUse.has(arn))
}

/**
 * The service revisions of a service's last deployments.
 * @param answer ListServiceDeployments' answer, all pages in one: its order is not relied on.
 */
export function lastServiceRevisions(answer: JsonObject): readonly string[] {
  const at = (deployment: JsonObject) => dateAt(deployment, 'createdAt')?.getTime() ?? 0
  const targets = objectsAt(answer, 'serviceDeployments')
    .toSorted((one, other) => at(other) - at(one))
    .slice(0, deploymentsKept)
    .flatMap((deployment) => stringAt(deployment, 'targetServiceRevisionArn') ?? [])
  return [...new Set(targets)]
}

function revisionOf(arn: string): number {
  return Number(nameInArn(arn).split(':')[1])
}
