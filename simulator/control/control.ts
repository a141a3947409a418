import { setImmediate } from 'node:timers/promises'

import { stringify } from 'yaml'

import type { Clock } from '../clock/clock.ts'
import { VirtualClock } from '../clock/virtual-clock.ts'
import { DocumentError } from '../document/problem.ts'
import type { Disturbance } from '../ecs/disturbance.ts'
import { readDisturbance } from '../ecs/read-disturbance.ts'
import type { Faults } from '../faults/faults.ts'
import { jsonAnswer, readBody, type Answer } from '../wire/answer.ts'
import type { HttpRequest } from '../wire/http-request.ts'
import { isObject, parseJson } from '../wire/json.ts'
import type { RequestLog } from '../wire/request-log.ts'
import { ServiceError, type Json, type JsonObject } from '../wire/service.ts'

/** What the control routes reach. */
export interface Controlled {
  readonly clock: Clock
  readonly requests: RequestLog
  readonly faults: Faults
  /** Makes happen in ECS what no client asked for. */
  disturb(disturbance: Disturbance): void
  /** A picture of everything that is simulated. */
  state(): Promise<JsonObject>
}

const LIMIT_BYTES = 64 * 1024
/** So often work that awaits something real (a blob read from disk) gets its turn. */
const STEP_MS = 1000

/**
 * `/_simulator/`: lets a test or a demo steer the simulator when the code under test is another
 * process. AWS has nothing like it.
 */
export class Control {
  readonly path = '/_simulator'
  readonly #controlled: Controlled

  constructor(controlled: Controlled) {
    this.#controlled = controlled
  }

  async answer(request: HttpRequest): Promise<Answer> {
    const { requests, faults } = this.#controlled
    const query = request.url.searchParams
    switch (`${request.method} ${request.url.pathname}`) {
      case 'POST /_simulator/clock/advance':
        return this.#advance(await readJson(request))
      case 'GET /_simulator/requests': {
        const service = query.get('service') ?? undefined
        const operation = query.get('operation') ?? undefined
        return jsonAnswer({ requests: requests.list(service, operation) })
      }
      case 'DELETE /_simulator/requests':
        requests.clear()
        return { status: 204, headers: {} }
      case 'GET /_simulator/faults':
        return jsonAnswer({ faults: faults.plan, hits: faults.hits() })
      case 'PUT /_simulator/faults':
        return this.#putFaults(await readJson(request))
      case 'DELETE /_simulator/faults':
        faults.clear()
        return { status: 204, headers: {} }
      case 'POST /_simulator/disturb':
        return this.#disturb(await readJson(request))
      case 'GET /_simulator/state':
        return stateAnswer(await this.#controlled.state(), query.get('format'))
      default:
        return refuse(404, `there is no ${request.method} ${request.url.pathname}`)
    }
  }

  /** Puts a plan in the place of what stood. A plan that is not right leaves what stood. */
  #putFaults(body: Json | undefined): Answer {
    const { faults } = this.#controlled
    try {
      faults.replace(isObject(body) ? body['faults'] : body)
    } catch (cause) {
      if (cause instanceof DocumentError) return refuse(400, cause.message)
      throw cause
    }
    return jsonAnswer({ faults: faults.plan })
  }

  #disturb(body: Json | undefined): Answer {
    if (!isObject(body)) return refuse(400, 'the body is a disturbance, an object with a `kind`')
    try {
      this.#controlled.disturb(readDisturbance(body))
    } catch (cause) {
      if (cause instanceof ServiceError) return refuse(400, cause.message)
      throw cause
    }
    return { status: 204, headers: {} }
  }

  async #advance(body: Json | undefined): Promise<Answer> {
    const { clock } = this.#controlled
    if (!(clock instanceof VirtualClock)) {
      return refuse(409, 'only a virtual clock can be advanced; this simulator runs in real time')
    }
    const ms = isObject(body) ? body['ms'] : undefined
    if (typeof ms !== 'number' || !Number.isFinite(ms) || ms < 0) {
      return refuse(400, 'the body is {"ms": <milliseconds, 0 or more>}')
    }
    await advance(clock, ms)
    return jsonAnswer({ nowMs: clock.now() })
  }
}

/** Lets `ms` pass in steps between which pending input and output is served. */
export async function advance(clock: VirtualClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= STEP_MS) {
    clock.advance(Math.min(left, STEP_MS))
    await setImmediate()
  }
}

/** For people: indented JSON, or YAML when it is asked for. */
function stateAnswer(state: JsonObject, format: string | null): Answer {
  if (format === 'yaml') {
    return { status: 200, headers: { 'content-type': 'application/yaml' }, body: stringify(state) }
  }
  const headers = { 'content-type': 'application/json' }
  return { status: 200, headers, body: `${JSON.stringify(state, undefined, 2)}\n` }
}

async function readJson(request: HttpRequest): Promise<Json | undefined> {
  try {
    return parseJson((await readBody(request.body, LIMIT_BYTES)).toString('utf8'))
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

function refuse(status: number, message: string): Answer {
  return jsonAnswer({ message }, status)
}
