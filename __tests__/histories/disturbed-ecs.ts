import type { History, ReadFailure } from '../../simulator/histories/history.ts'
import { AwsFailure } from '../../src/core/errors/aws-failure.ts'
import { dateAt, objectsAt, type JsonObject } from '../../src/core/json.ts'
import type { Ecs } from '../../src/ports/ecs.ts'
import type { Account } from './account.ts'

const failures: Readonly<Record<ReadFailure | 'blind', { code: string; httpStatus?: number }>> = {
  throttled: { code: 'ThrottlingException', httpStatus: 400 },
  reset: { code: 'ECONNRESET' },
  'server-error': { code: 'ServerException', httpStatus: 500 },
  blind: { code: 'ExpiredTokenException', httpStatus: 400 },
}

type Call = (input: JsonObject) => Promise<JsonObject>

/** The deployer's ECS as the history lets him reach it, and what he sent. */
export class DisturbedEcs {
  readonly #account: Account
  readonly #history: History
  readonly #startMs: number
  #updates = 0
  #reads = 0

  constructor(account: Account, history: History) {
    this.#account = account
    this.#history = history
    this.#startMs = account.clock.monotonicMs()
  }

  /** How often UpdateService was sent. */
  get updates(): number {
    return this.#updates
  }

  get port(): Ecs {
    const { ecs } = this.#account
    return {
      ...ecs,
      updateService: (input) => this.#update(input),
      describeServices: this.#read('DescribeServices', (input) => ecs.describeServices(input)),
      describeServiceDeployments: this.#read('DescribeServiceDeployments', (input) =>
        ecs.describeServiceDeployments(input),
      ),
      describeServiceRevisions: this.#read('DescribeServiceRevisions', (input) =>
        ecs.describeServiceRevisions(input),
      ),
      listTasks: this.#read('ListTasks', (input) => ecs.listTasks(input)),
      describeTasks: this.#read('DescribeTasks', (input) => ecs.describeTasks(input)),
      listServiceDeployments: this.#read('ListServiceDeployments', async (input) =>
        this.#lag(await ecs.listServiceDeployments(input)),
      ),
    }
  }

  async #update(input: JsonObject): Promise<JsonObject> {
    this.#updates += 1
    const answer = await this.#account.ecs.updateService(input)
    if (this.#history.run.updateAnswerLost) throw failure('UpdateService', 'reset')
    return answer
  }

  /** Only the watch is disturbed: what comes before UpdateService has tests of its own. */
  #read(operation: string, call: Call): Call {
    return (input) => {
      if (this.#updates === 0) return call(input)
      const { failing, blindFromMs = Infinity } = this.#history.reads
      const atMs = this.#account.clock.monotonicMs() - this.#startMs
      const number = this.#reads
      this.#reads += 1
      const how = failing.find((one) => one.call === number)?.how
      if (atMs >= blindFromMs) return Promise.reject(failure(operation, 'blind'))
      return how === undefined ? call(input) : Promise.reject(failure(operation, how))
    }
  }

  #lag(answer: JsonObject): JsonObject {
    const beforeMs = this.#account.clock.monotonicMs() - this.#history.reads.listLagMs
    const known = objectsAt(answer, 'serviceDeployments').filter(
      (brief) => (dateAt(brief, 'createdAt')?.getTime() ?? 0) <= beforeMs,
    )
    return { ...answer, serviceDeployments: known }
  }
}

function failure(operation: string, how: ReadFailure | 'blind'): AwsFailure {
  const { code, httpStatus } = failures[how]
  return new AwsFailure({ service: 'ECS', operation, code, httpStatus, message: `no: ${how}` })
}
