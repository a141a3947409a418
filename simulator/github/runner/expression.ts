/** Values that a default may name: `github.token` is `contexts.github.token`. */
export type Contexts = Readonly<Record<string, Readonly<Record<string, string>>>>

/** How a job stands, as the status functions of a condition see it. */
export type JobStatus = 'success' | 'failure' | 'cancelled'

/**
 * Evaluates the `${{ … }}` in a default of action.yml. It knows a context's value (absent: empty),
 * a quoted string, and `||` between them, and throws on everything else: a default that is
 * evaluated wrongly would test another action than the one that runs on GitHub.
 */
export function evaluateDefault(template: string, contexts: Contexts): string {
  return template.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => {
    const operands = expression
      .split('||')
      .map((operand) => evaluateOperand(operand.trim(), contexts))
    return operands.find((value) => value !== '') ?? ''
  })
}

function evaluateOperand(operand: string, contexts: Contexts): string {
  const literal = /^'((?:[^']|'')*)'$/.exec(operand)
  if (literal) return (literal[1] ?? '').replaceAll("''", "'")
  const [, context = '', property = ''] = /^(\w+)\.(\w+)$/.exec(operand) ?? []
  const values = contexts[context]
  if (values === undefined) throw new Error(`The expression \`${operand}\` is not known here.`)
  return values[property] ?? ''
}

const conditions: Readonly<Record<string, (status: JobStatus) => boolean>> = {
  'always()': () => true,
  'success()': (status) => status === 'success',
  'failure()': (status) => status === 'failure',
  'cancelled()': (status) => status === 'cancelled',
  '!cancelled()': (status) => status !== 'cancelled',
}

/** Whether a `post-if` of one status function holds. Throws on any other condition. */
export function holds(condition: string, status: JobStatus): boolean {
  const predicate = conditions[condition.replaceAll(' ', '')]
  if (predicate === undefined) throw new Error(`The condition \`${condition}\` is not known here.`)
  return predicate(status)
}
