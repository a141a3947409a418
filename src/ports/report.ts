import type { Digest } from '../core/image/digest.ts'
import type { DefinitionDescription } from '../core/plan/describe/plan-description.ts'
import type { ReviewPart } from '../core/report/image-review.ts'
import type { Phase, RunFacts } from '../core/report/run-facts.ts'

/**
 * The one writer of log, annotations, outputs and summary. Whatever passes through it is made
 * harmless first: no text can run a workflow command.
 */
export interface Report {
  /** One line per fact that changed. */
  line(text: string): void
  /** Shown only in debug runs. */
  detail(text: string): void
  notice(text: string): void
  warning(text: string): void
  /** The same of what several services have in common: told once in the run. */
  warnOnce(text: string): void
  /** A line of a child's output or of an event. */
  untrusted(line: string): void
  /** Hides `secret` in everything written from now on, by us and by later steps. */
  mask(secret: string): void
  /**
   * Runs `work` as a named, timed phase. Nested phases count for themselves; of those of one name
   * that run side by side the time that passes counts, not its sum.
   */
  phase<T>(phase: Phase, title: string, work: () => Promise<T>): Promise<T>
  /** Something that goes on in AWS when this run is over; told at the end of a red one. */
  goesOn(what: string): void
  /** A task definition is about to be registered that changes this; told in the summary. */
  changes(definition: DefinitionDescription): void
  /** Adds to what is known of an image; what is known of others stays. */
  review(digest: Digest, part: ReviewPart): void
  /** From here on something is built or written: a run that ends before it is `refused`. */
  begin(): void
  /** Adds to what is known; later facts replace earlier ones of the same name. */
  record(facts: RunFacts): void
}
