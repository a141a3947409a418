import { jsonAnswer, readBody, type Answer } from '../wire/answer.ts'
import type { HttpRequest } from '../wire/http-request.ts'
import { listen } from '../wire/listener.ts'
import { createRouter } from '../wire/router.ts'
import { readCaptured } from './captured.ts'
import { moved } from './moved.ts'
import type { Exchange, TracedRun } from './trace.ts'

/** A server that answers from a trace. */
export interface Replay {
  readonly url: string
  /** Variables by which the action finds it: as those of the simulator. */
  readonly environment: Readonly<Record<string, string>>
  /** Calls that the trace has no answer left for, `ecs:UpdateService`; in order. */
  readonly unexpected: readonly string[]
  /** Calls of the trace that nobody made. */
  unasked(): readonly string[]
  close(): Promise<void>
}

const LIMIT_BYTES = 16 * 1024 * 1024
/** What reads may be asked more often than it was recorded: the last answer stands. */
const READS = /^(?:Describe|List|Get|BatchGet|Assume)/

/**
 * Answers the calls of one recorded run as they were answered: per operation in order, the same
 * question before another one. Times in the answers are moved to now, so that nothing has expired.
 * GitHub's tokens and docker's pushes are no API calls: any token is issued, any push is taken.
 */
export async function replay(run: TracedRun): Promise<Replay> {
  const offsetMs = Date.now() - (run.exchanges[0]?.atMs ?? Date.now())
  const script = new Script(run.exchanges)
  const aws = {
    path: '/',
    answer: async (request: HttpRequest): Promise<Answer> => {
      const call = await toCall(request)
      const exchange = script.next(call)
      return exchange === undefined ? refusal(call) : toAnswer(exchange, offsetMs)
    },
  }
  const server = await listen('127.0.0.1', 0, createRouter([aws, oidc, registry, time]))
  return {
    url: server.url,
    environment: {
      AWS_ENDPOINT_URL: server.url,
      AWS_EC2_METADATA_DISABLED: 'true',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/oidc/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'replayed',
    },
    unexpected: script.unexpected,
    unasked: () => script.unasked(),
    close: () => server.close(),
  }
}

/** The exchanges that are left, and those that were used last. */
class Script {
  readonly unexpected: string[] = []
  readonly #left: Exchange[]
  readonly #used: Exchange[] = []

  constructor(exchanges: readonly Exchange[]) {
    this.#left = [...exchanges]
  }

  next(call: Exchange): Exchange | undefined {
    const same = this.#left.filter((one) => nameOf(one) === nameOf(call))
    const found = same.find((one) => questionOf(one) === questionOf(call)) ?? same[0]
    if (found !== undefined) {
      this.#left.splice(this.#left.indexOf(found), 1)
      this.#used.push(found)
      return found
    }
    const before = this.#used.filter((one) => nameOf(one) === nameOf(call))
    const again = before.findLast((one) => questionOf(one) === questionOf(call)) ?? before.at(-1)
    if (again !== undefined && READS.test(call.operation)) return again
    this.unexpected.push(nameOf(call))
    return undefined
  }

  unasked(): readonly string[] {
    return this.#left.map(nameOf)
  }
}

const nameOf = ({ service, operation }: Exchange): string => `${service}:${operation}`
const questionOf = ({ request }: Exchange): string => JSON.stringify(request)

async function toCall(request: HttpRequest): Promise<Exchange> {
  const body = await readBody(request.body, LIMIT_BYTES)
  const captured = {
    atMs: 0,
    target: request.headers['x-amz-target'] ?? '',
    requestBody: body.toString('utf8'),
    status: 0,
    responseBody: '',
  }
  const [call] = readCaptured(JSON.stringify(captured))
  if (call === undefined) throw new TypeError('a request is a call')
  return call
}

function toAnswer({ status, response }: Exchange, offsetMs: number): Answer {
  const body = moved(response, offsetMs)
  return typeof body === 'string'
    ? { status, headers: { 'content-type': 'text/xml' }, body }
    : {
        status,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(body),
      }
}

function refusal(call: Exchange): Answer {
  const message = `the trace has no ${nameOf(call)} left`
  return jsonAnswer({ __type: 'NotInTrace', message }, 400)
}

const oidc = {
  path: '/oidc',
  answer: (): Promise<Answer> => Promise.resolve(jsonAnswer({ count: 1, value: 'e30.e30.e30' })),
}

const time = {
  path: '/_simulator/clock/advance',
  answer: (): Promise<Answer> => Promise.resolve(jsonAnswer({ nowMs: 0 })),
}

/** Takes what is pushed and forgets it. */
const registry = {
  path: '/v2',
  answer: async (request: HttpRequest): Promise<Answer> => {
    await readBody(request.body, LIMIT_BYTES)
    const { pathname } = request.url
    const begins = request.method === 'POST'
    return { status: begins ? 202 : 201, headers: { location: begins ? `${pathname}1` : pathname } }
  },
}
