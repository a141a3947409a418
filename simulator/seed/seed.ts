import { Fields } from '../document/fields.ts'
import { DocumentError, type Problem } from '../document/problem.ts'
import { YamlDocument } from '../document/yaml-document.ts'
import type { AccessKey } from '../iam/principal.ts'
import type { Simulator } from '../simulator.ts'
import type { Json, JsonObject } from '../wire/service.ts'
import type { Ground, Planting } from './planting.ts'
import { readClusters, readServices, readTaskDefinitions } from './read-ecs.ts'
import { readGitHub } from './read-github.ts'
import { readRoles, readUsers } from './read-iam.ts'
import { readRepositories } from './read-registry.ts'

const SECTIONS = [
  ...['repositories', 'roles', 'users', 'clusters', 'taskDefinitions', 'services'],
  ...['github', 'throttling', 'faults'],
]

/**
 * Puts what a seed (YAML or JSON) describes into a simulator, in the name of `administrator`.
 *
 * @param name The file's name, for errors.
 * @throws a {@link DocumentError} with everything that is wrong and its lines. When the form is
 * wrong nothing was put; what the simulator refuses is told once everything else was put.
 */
export async function plantSeed(
  text: string,
  name: string,
  simulator: Simulator,
  administrator: AccessKey,
): Promise<void> {
  const document = YamlDocument.parse(text, name)
  const problems: Problem[] = []
  const plantings = readSeed(document.value, simulator, problems)
  if (problems.length === 0) {
    const ground = { simulator, call: callOf(simulator, administrator) }
    for (const planting of plantings) await plant(planting, ground, problems)
  }
  if (problems.length > 0) {
    throw new DocumentError(`${name} is not right`, problems, document.placeOf)
  }
}

/** Everything in the order in which it has to be put: services come after what they need. */
function readSeed(value: Json, simulator: Simulator, problems: Problem[]): readonly Planting[] {
  const seed = new Fields(value ?? {}, [], problems, SECTIONS)
  const throttling = seed.choice('throttling', ['off', 'aws'])
  const faults = seed.raw('faults')
  if (faults !== undefined) simulator.faults.check(faults, ['faults'], problems)
  return [
    ...readRoles(seed),
    ...readUsers(seed),
    ...readRepositories(seed),
    ...readClusters(seed),
    ...readTaskDefinitions(seed),
    ...readServices(seed),
    ...readGitHub(seed),
    {
      path: [],
      plant: () => {
        if (throttling !== undefined) simulator.throttling.mode = throttling
        if (faults !== undefined) simulator.faults.replace(faults)
      },
    },
  ]
}

async function plant(
  { path, plant }: Planting,
  ground: Ground,
  problems: Problem[],
): Promise<void> {
  try {
    await plant(ground)
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    problems.push({ path, message: `was refused: ${cause.message}` })
  }
}

function callOf(simulator: Simulator, { accessKeyId, principal }: AccessKey): Ground['call'] {
  const { accountId, arn } = principal
  const { region } = simulator.ecr.registry.place
  return async (service, operation, input): Promise<JsonObject> => {
    const perform = simulator[service].operations[operation]
    if (perform === undefined) throw new TypeError(`the simulator has no ${operation}`)
    const caller = { accessKeyId, accountId, arn, region }
    return await perform(input, { caller, requestId: 'seed' })
  }
}
