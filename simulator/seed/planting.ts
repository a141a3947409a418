import type { Path } from '../document/problem.ts'
import type { Simulator } from '../simulator.ts'
import type { JsonObject } from '../wire/service.ts'

/** Where things are put: a simulator, and its APIs as the administrator calls them. */
export interface Ground {
  readonly simulator: Simulator
  readonly call: (
    service: 'ecs' | 'ecr',
    operation: string,
    input: JsonObject,
  ) => Promise<JsonObject>
}

/** One thing of a seed, which was read and is ready to be put into the simulator. */
export interface Planting {
  /** Where it stands, for what the simulator refuses. */
  readonly path: Path
  /** What it gives back is awaited, and of no account otherwise. */
  readonly plant: (ground: Ground) => unknown
}
