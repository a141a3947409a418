import type { Clock } from '../clock/clock.ts'
import { DocumentError, type Path, type Problem } from '../document/problem.ts'
import type { Answer } from '../wire/answer.ts'
import type { Dispatch, Subject } from '../wire/dispatch.ts'
import { currentExchange, type Exchange } from '../wire/exchange.ts'
import { parseJson } from '../wire/json.ts'
import type { Json } from '../wire/service.ts'
import { EarlierAnswers } from './earlier-answers.ts'
import type { Rule } from './effect.ts'
import type { FaultPlan } from './fault.ts'
import { rest } from './pace.ts'
import { readPlan, type KnownOperations } from './read-plan.ts'
import { strike } from './strike.ts'

/** One call that a fault hit. */
export interface Hit {
  /** The fault's name. */
  readonly fault: string
  /** Which of the calls that the fault matches it was; the first is 1. */
  readonly occurrence: number
  readonly requestId: string
  readonly atMs: number
  readonly service: string
  readonly operation: string
}

interface Standing extends Rule {
  /** Calls that matched so far. */
  seen: number
}

/** What goes wrong on purpose. Without a plan every call passes untouched. */
export class Faults {
  readonly #clock: Clock
  readonly #known: KnownOperations
  #plan: readonly Json[] = []
  #rules: Standing[] = []
  #hits: Hit[] = []
  #earlier = new EarlierAnswers()

  /** @param known What the simulator answers, so that a plan cannot wait for what never comes. */
  constructor(clock: Clock, known: KnownOperations) {
    this.#clock = clock
    this.#known = known
  }

  /** The faults that stand, as they were given. */
  get plan(): readonly Json[] {
    return this.#plan
  }

  /** Adds faults behind those that stand. Throws a {@link DocumentError} and then adds none. */
  add(plan: FaultPlan): void {
    this.append(parseJson(JSON.stringify(plan)))
  }

  /** Puts the plan in a document in the place of all that stands, or throws and leaves that. */
  replace(plan: Json | undefined): void {
    this.read(plan)
    this.clear()
    this.append(plan)
  }

  /** Reads a plan and throws a {@link DocumentError} with all that is wrong. */
  read(plan: Json | undefined): readonly Rule[] {
    const problems: Problem[] = []
    const rules = this.check(plan, ['faults'], problems)
    if (problems.length > 0) throw new DocumentError('the fault plan is not right', problems)
    return rules
  }

  /** Reads a plan that stands at `path` of a larger document. */
  check(plan: Json | undefined, path: Path, problems: Problem[]): readonly Rule[] {
    return readPlan(plan, path, problems, this.#known)
  }

  /** Forgets faults, hits and answers that were kept for stale reads. */
  clear(): void {
    this.#plan = []
    this.#rules = []
    this.#hits = []
    this.#earlier = new EarlierAnswers()
  }

  /** As {@link add}, of a plan in a document. */
  append(plan: Json | undefined): void {
    const rules = this.read(plan)
    this.#plan = [...this.#plan, ...(Array.isArray(plan) ? plan : [])]
    this.#rules.push(...rules.map((rule) => ({ ...rule, seen: 0 })))
  }

  /** Every call that was hit, in order. */
  hits(): readonly Hit[] {
    return this.#hits
  }

  /** The layer of the dispatch that faults work in. */
  readonly layer: Dispatch = async (subject, perform) => {
    const exchange = currentExchange()
    if (exchange === undefined || this.#rules.length === 0) return perform()
    const call = { ...subject, request: requestOf(subject, exchange) }
    const rule = this.#next(call)
    const performAndKeep = (): Promise<Answer> => this.#performAndKeep(call, perform)
    if (rule === undefined) return performAndKeep()
    const occurrence = rule.seen
    const outcome = { isHit: false }
    const answer = await strike(rule.effect, {
      subject,
      exchange,
      clock: this.#clock,
      earlier: this.#earlier,
      perform: performAndKeep,
      note: () => {
        outcome.isHit = true
        this.#note(rule.name, occurrence, subject)
      },
    })
    if (!outcome.isHit) return answer
    if (rule.latencyMs > 0) await rest(this.#clock, rule.latencyMs, exchange.gone)
    return { ...answer, fault: rule.name }
  }

  #note(fault: string, occurrence: number, { requestId, service, operation }: Subject): void {
    const atMs = this.#clock.now()
    this.#hits.push({ fault, occurrence, requestId, atMs, service, operation })
  }

  /** The first fault that is due; every fault that matches counts the call. */
  #next({ service, operation, request }: Call): Standing | undefined {
    let due: Standing | undefined
    for (const rule of this.#rules) {
      if (!rule.matches(service, operation, request)) continue
      rule.seen += 1
      if (due === undefined && rule.isDue(rule.seen)) due = rule
    }
    return due
  }

  async #performAndKeep(call: Call, perform: () => Promise<Answer>): Promise<Answer> {
    const answer = await perform()
    const { service, operation, request } = call
    const isWanted = this.#rules.some(
      (rule) => rule.effect.kind === 'stale' && rule.matches(service, operation, request),
    )
    if (isWanted) this.#earlier.keep(call, answer)
    return answer
  }
}

/** A call with its verb and path where it came to the registry: `PATCH /v2/shop/api/…`. */
type Call = Subject & { readonly request: string | undefined }

function requestOf({ service }: Subject, { request }: Exchange): string | undefined {
  return service === 'registry' ? `${request.method} ${request.url.pathname}` : undefined
}
