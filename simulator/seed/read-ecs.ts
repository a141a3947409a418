import type { Fields } from '../document/fields.ts'
import { isObject } from '../wire/json.ts'
import type { JsonObject } from '../wire/service.ts'
import type { Planting } from './planting.ts'

/** `clusters:` by name. */
export function readClusters(seed: Fields): readonly Planting[] {
  return seed.texts('clusters').map((clusterName, index) => ({
    path: [...seed.path, 'clusters', index],
    plant: ({ call }) => call('ecs', 'CreateCluster', { clusterName }),
  }))
}

/** `taskDefinitions:`, each the input of RegisterTaskDefinition. */
export function readTaskDefinitions(seed: Fields): readonly Planting[] {
  return inputs(seed, 'taskDefinitions', 'RegisterTaskDefinition')
}

/** `services:`, each the input of CreateService. */
export function readServices(seed: Fields): readonly Planting[] {
  return inputs(seed, 'services', 'CreateService')
}

/** ECS itself says what is wrong with an input. */
function inputs(seed: Fields, section: string, operation: string): readonly Planting[] {
  return seed.list(section).flatMap((value, index): readonly Planting[] => {
    const path = [...seed.path, section, index]
    if (isObject(value)) return [planting(path, operation, value)]
    seed.problems.push({ path, message: `is the input of ${operation}` })
    return []
  })
}

function planting(path: Planting['path'], operation: string, input: JsonObject): Planting {
  return { path, plant: ({ call }) => call('ecs', operation, input) }
}
