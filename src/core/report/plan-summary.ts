import { block } from './markdown.ts'
import { definitionLines, planLines } from './plan-lines.ts'
import type { RunFacts } from './run-facts.ts'

/** The plan of a dry run in the job summary; in a real run what the task definitions change. */
export function planSection({ plan, definitionChanges = [] }: RunFacts): string {
  if (plan !== undefined) {
    return `### Plan\n\nNothing was written (\`dry-run: true\`).\n\n${block(planLines(plan))}`
  }
  const changed = definitionChanges.filter(({ changes }) => changes.length > 0)
  if (changed.length === 0) return ''
  return `### Task definition\n\n${block(changed.flatMap(definitionLines))}`
}
