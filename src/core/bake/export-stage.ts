import { csvFields } from '../buildx/csv-fields.ts'
import type { JsonObject } from '../json.ts'
import type { BakedImagePlan } from '../plan/image/image-plan.ts'
import { fromCache } from './compose-target.ts'
import { without } from './definition.ts'
import { writeTargets } from './write-definition.ts'

/**
 * The definition that exports a stage of a target as an OCI layout, for the first platform, out of the
 * cache that bake has just filled. As with one build, what only a step needs that runs is left out:
 * should a step not be in the cache, it fails, and nothing is measured.
 */
export function stageDefinition(
  { target, bake, platforms: [platform] }: Pick<BakedImagePlan, 'bake' | 'platforms' | 'target'>,
  stage: string,
  directory: string,
): string {
  const exported = (members: JsonObject): JsonObject => ({
    ...without(members, 'annotations', 'labels'),
    target: stage,
    ...(platform !== undefined && { platforms: [platform] }),
    attest: ['type=provenance,disabled=true'],
    output: [csvFields(['type=oci', 'tar=false', `dest=${directory}`])],
  })
  const targets = [...bake.targets].map(([name, members]): readonly [string, JsonObject] => [
    name,
    name === target ? exported(warm(members)) : { ...warm(members), output: ['type=cacheonly'] },
  ])
  return writeTargets(new Map(targets))
}

function warm(members: JsonObject): JsonObject {
  return without(fromCache(members), 'cache-from', 'cache-to', 'secret', 'ssh')
}
