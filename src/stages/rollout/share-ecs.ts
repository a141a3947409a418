import { AwsFailure } from '../../core/errors/aws-failure.ts'
import type { JsonObject } from '../../core/json.ts'
import {
  joinedInputs,
  joinedReads,
  joinKey,
  onlyName,
  partFor,
  type JoinedRead,
} from '../../core/rollout/pace/joined-read.ts'
import type { Ecs, Read, ReadLimit } from '../../ports/ecs.ts'
import type { Ports } from '../../ports/ports.ts'
import type { CallTurns, PacedCall } from './call-turns.ts'

type SharePorts = Pick<Ports, 'clock' | 'signal'>

/** Looks that begin together are asked together; those of one round begin within microseconds. */
const joinWithinMs = 50

/**
 * ECS for a run of several services: Describe calls of the same moment are joined, so that `n`
 * services cost `n/10` DescribeServices and `n/20` DescribeServiceDeployments a round, and reads
 * that cannot be joined wait for their turn. Each caller gets the answer as if it were alone.
 */
export function shareEcs(ecs: Ecs, turns: CallTurns, ports: SharePorts): Ecs {
  const paced = (name: Exclude<PacedCall, 'updateService'>): Read => {
    return async (input, limit) => {
      await turns.take(name)
      return await ecs[name](input, limit)
    }
  }
  const joined = (name: keyof typeof joinedReads): Read => {
    const read = new JoinedCall(joinedReads[name], paced(name), ports)
    return (input, limit) => read.ask(input, limit)
  }
  return {
    ...ecs,
    describeServices: joined('describeServices'),
    describeServiceDeployments: joined('describeServiceDeployments'),
    describeServiceRevisions: joined('describeServiceRevisions'),
    listServiceDeployments: paced('listServiceDeployments'),
    listTasks: paced('listTasks'),
    describeTasks: paced('describeTasks'),
  }
}

/** Questions that are still gathered, and the answer to each name once they were asked. */
interface Gathering {
  /** How long each name is waited for. */
  readonly names: Map<string, ReadLimit | undefined>
  readonly asked: Promise<ReadonlyMap<string, Promise<JsonObject>>>
}

class JoinedCall {
  readonly #read: JoinedRead
  readonly #call: Read
  readonly #ports: SharePorts
  /** By what the questions have in common. */
  readonly #gathered = new Map<string, Gathering>()

  constructor(read: JoinedRead, call: Read, ports: SharePorts) {
    this.#read = read
    this.#call = call
    this.#ports = ports
  }

  /** @throws AwsFailure of the joined call; what is refused because of another does not fail. */
  async ask(input: JsonObject, limit?: ReadLimit): Promise<JsonObject> {
    const name = onlyName(this.#read, input)
    // After the signal only what `on-cancel` allows is asked, and nobody rests.
    if (name === undefined || this.#ports.signal.aborted) return await this.#call(input, limit)
    const key = joinKey(this.#read, input)
    const gathering = this.#gathered.get(key) ?? this.#gather(key, input)
    gathering.names.set(name, limit)
    const answer = (await gathering.asked).get(name)
    try {
      return partFor(this.#read, (await answer) ?? {}, name)
    } catch (error) {
      if (gathering.names.size === 1 || !isRefusal(error)) throw error
      return await this.#call(input, limit)
    }
  }

  #gather(key: string, input: JsonObject): Gathering {
    const names: Gathering['names'] = new Map()
    const gathering = { names, asked: this.#askSoon(key, input, names) }
    this.#gathered.set(key, gathering)
    return gathering
  }

  async #askSoon(key: string, input: JsonObject, names: Gathering['names']) {
    const { clock, signal } = this.#ports
    try {
      await clock.sleep(joinWithinMs, signal)
    } finally {
      this.#gathered.delete(key)
    }
    const answers = new Map<string, Promise<JsonObject>>()
    for (const joined of joinedInputs(this.#read, input, names.keys())) {
      const answer = this.#call(joined.input, shortest(names.values()))
      for (const name of joined.names) answers.set(name, answer)
    }
    return answers
  }
}

/** Nobody waits beyond his own limit for the sake of another's. */
function shortest(limits: Iterable<ReadLimit | undefined>): ReadLimit | undefined {
  const withinMs = Math.min(...[...limits].map((limit) => limit?.withinMs ?? Infinity))
  return withinMs === Infinity ? undefined : { withinMs }
}

/** ECS refuses a call whole where one of its names may not be read (IAM, by resource), or is none. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof AwsFailure)) return false
  return !error.throttled && !error.ambiguous && !error.credentialsGone
}
