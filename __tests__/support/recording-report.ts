import type { Digest } from '../../src/core/image/digest.ts'
import type { DefinitionDescription } from '../../src/core/plan/describe/plan-description.ts'
import { addReview, type ReviewPart } from '../../src/core/report/image-review.ts'
import type { Phase, RunFacts } from '../../src/core/report/run-facts.ts'
import type { Report } from '../../src/ports/report.ts'

/** A Report that keeps all it is told, in order. */
export class RecordingReport implements Report {
  readonly lines: string[] = []
  readonly details: string[] = []
  readonly notices: string[] = []
  readonly warnings: string[] = []
  readonly untrustedLines: string[] = []
  readonly masks: string[] = []
  readonly phases: Phase[] = []
  readonly ongoing: string[] = []
  facts: RunFacts = {}
  begun = false

  line(text: string): void {
    this.lines.push(text)
  }

  detail(text: string): void {
    this.details.push(text)
  }

  notice(text: string): void {
    this.notices.push(text)
  }

  warning(text: string): void {
    this.warnings.push(text)
  }

  warnOnce(text: string): void {
    if (!this.warnings.includes(text)) this.warning(text)
  }

  untrusted(line: string): void {
    this.untrustedLines.push(line)
  }

  mask(secret: string): void {
    this.masks.push(secret)
  }

  async phase<T>(phase: Phase, _title: string, work: () => Promise<T>): Promise<T> {
    this.phases.push(phase)
    return await work()
  }

  begin(): void {
    this.begun = true
  }

  goesOn(what: string): void {
    this.ongoing.push(what)
  }

  changes(definition: DefinitionDescription): void {
    const { definitionChanges = [] } = this.facts
    this.record({ definitionChanges: [...definitionChanges, definition] })
  }

  review(digest: Digest, part: ReviewPart): void {
    this.record({ reviews: addReview(this.facts.reviews, digest, part) })
  }

  record(facts: RunFacts): void {
    this.facts = { ...this.facts, ...facts }
  }

  /** Everything that could reach a reader of the log. */
  get everything(): string {
    return [this.lines, this.details, this.notices, this.warnings, this.untrustedLines]
      .flat()
      .join('\n')
  }
}
