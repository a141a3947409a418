import * as core from '@actions/core'

import type { Digest } from '../../core/image/digest.ts'
import type { DefinitionDescription } from '../../core/plan/describe/plan-description.ts'
import { addReview, type ReviewPart } from '../../core/report/image-review.ts'
import { maskedTexts } from '../../core/report/masked-texts.ts'
import { neutralise, neutraliseLine } from '../../core/report/neutralise.ts'
import { renderOutputs } from '../../core/report/outputs.ts'
import { secondsCovered, type Stretch } from '../../core/report/phase-times.ts'
import { isRed, type RunEnd } from '../../core/report/run-end.ts'
import type { Phase, RunFacts, Timings } from '../../core/report/run-facts.ts'
import { renderSummary } from '../../core/report/summary.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Report } from '../../ports/report.ts'

/** Phases whose children print much: their lines are folded away in the log. */
const foldedPhases: ReadonlySet<Phase> = new Set(['builder', 'build'])

/** The report on GitHub's runner: its log, its annotations, its output and summary files. */
export class GitHubReport implements Report {
  readonly #clock: Clock
  readonly #stretches = new Map<Phase, Stretch[]>()
  #facts: RunFacts = {}
  readonly #warned = new Set<string>()
  #begun = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  line(text: string): void {
    for (const line of neutralise(text)) core.info(line)
  }

  detail(text: string): void {
    for (const line of neutralise(text)) core.debug(line)
  }

  notice(text: string): void {
    core.notice(neutraliseLine(text), { title: 'Steadyship' })
  }

  warning(text: string): void {
    core.warning(neutraliseLine(text), { title: 'Steadyship' })
  }

  warnOnce(text: string): void {
    if (!this.#warned.has(text)) this.warning(text)
    this.#warned.add(text)
  }

  untrusted(line: string): void {
    this.line(line)
  }

  mask(secret: string): void {
    for (const text of maskedTexts(secret)) core.setSecret(text)
  }

  async phase<T>(phase: Phase, title: string, work: () => Promise<T>): Promise<T> {
    const startMs = this.#clock.monotonicMs()
    const folded = foldedPhases.has(phase)
    if (folded) core.startGroup(neutraliseLine(title))
    else this.line(title)
    try {
      return await work()
    } finally {
      if (folded) core.endGroup()
      const stretches = this.#stretches.get(phase) ?? []
      this.#stretches.set(phase, [...stretches, { startMs, endMs: this.#clock.monotonicMs() }])
    }
  }

  begin(): void {
    this.#begun = true
  }

  /** Whether anything was built or written. */
  get begun(): boolean {
    return this.#begun
  }

  goesOn(what: string): void {
    this.record({ ongoing: [...(this.#facts.ongoing ?? []), what] })
  }

  changes(definition: DefinitionDescription): void {
    const { definitionChanges = [] } = this.#facts
    this.record({ definitionChanges: [...definitionChanges, definition] })
  }

  review(digest: Digest, part: ReviewPart): void {
    this.record({ reviews: addReview(this.#facts.reviews, digest, part) })
  }

  record(facts: RunFacts): void {
    this.#facts = { ...this.#facts, ...facts }
  }

  get facts(): RunFacts {
    return this.#facts
  }

  get timings(): Timings {
    const timings: Partial<Record<Phase, number>> = {}
    for (const [phase, stretches] of this.#stretches) timings[phase] = secondsCovered(stretches)
    return timings
  }

  /**
   * Tells how the run ended: one annotation, the outputs, the summary.
   * @returns whether the next steps will find the outputs; if not, they stand in the log, and an
   * annotation of its own says so (`outputs-unwritable`).
   */
  async finish(end: RunEnd, options: { readonly summary: boolean }): Promise<boolean> {
    this.#tell(end)
    if (options.summary) await this.#writeSummary(end)
    return this.#writeOutputs(end)
  }

  #tell(end: RunEnd): void {
    const { error } = end
    if (isRed(end)) {
      for (const line of error?.details ?? []) this.untrusted(`  ${line}`)
      for (const what of this.#facts.ongoing ?? []) this.line(`Still going on: ${what}`)
    }
    if (error === undefined) {
      this.line(`Outcome: ${end.outcome}`)
      return
    }
    const message = neutraliseLine(`${error.message} — ${error.remedy}`)
    const title = `Steadyship: ${end.outcome} (${error.code})`
    const { source } = error
    const place = source && { file: source.file, startLine: source.line }
    if (isRed(end)) core.error(message, { title, ...place })
    else core.warning(message, { title })
    if (error.cause instanceof Error) this.detail(error.cause.stack ?? error.cause.message)
  }

  async #writeSummary(end: RunEnd): Promise<void> {
    try {
      await core.summary.addRaw(renderSummary(end, this.#facts, this.timings)).write()
    } catch (error) {
      this.warning(`the job summary could not be written: ${String(error)}`)
    }
  }

  #writeOutputs(end: RunEnd): boolean {
    const outputs = renderOutputs(end, this.#facts, this.timings)
    try {
      for (const [name, value] of outputs) core.setOutput(name, value)
      return true
    } catch (error) {
      for (const [name, value] of outputs) this.line(`${name}=${value}`)
      const message = neutraliseLine(`the outputs could not be written: ${String(error)}`)
      const remedy = 'Check the disk space of the runner; the outputs stand in the log above.'
      core.error(`${message} — ${remedy}`, { title: 'Steadyship (outputs-unwritable)' })
      return false
    }
  }
}
