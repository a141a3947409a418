import { errorCodes, type ErrorCode, type Fault, type RetryClass } from './codes.ts'

/** A line of a file in the checkout. */
export interface SourceLine {
  /** Relative to the workspace. */
  readonly file: string
  readonly line: number
}

/**
 * The one error of this action. `message` is one line, lowercase, without a full stop, with the
 * wrong value in quotes and the place named; `remedy` is an imperative sentence with the exact
 * flag, IAM action or YAML line.
 */
export class ActionError extends Error {
  readonly code: ErrorCode
  readonly remedy: string
  /** Lines that show what happened, such as the last ones of a child. Untrusted. */
  readonly details: readonly string[]
  /** What the annotation is put on; undefined: on the run alone. */
  readonly source: SourceLine | undefined

  constructor(
    code: ErrorCode,
    message: string,
    remedy: string,
    options: {
      cause?: unknown
      details?: readonly string[]
      source?: SourceLine | undefined
    } = {},
  ) {
    const { details = [], source, ...cause } = options
    super(message, cause)
    this.details = details
    this.source = source
    this.name = 'ActionError'
    this.code = code
    this.remedy = remedy
  }

  get fault(): Fault {
    return errorCodes[this.code].fault
  }

  get retry(): RetryClass {
    return errorCodes[this.code].retry
  }
}

/** One thing wrong with one input: its name, the value as given, and what is allowed. */
export interface InputProblem {
  readonly input: string
  /** As the user wrote it; never given for a secret. */
  readonly value?: string
  readonly message: string
}

/** Everything that is wrong with the inputs, reported together and before any network call. */
export class InputErrors extends ActionError {
  readonly problems: readonly InputProblem[]

  constructor(problems: readonly InputProblem[]) {
    const lines = problems.map(describeProblem)
    super(
      'invalid-inputs',
      lines.length === 1 ? lines.join('') : `${lines.length} inputs are wrong: ${lines.join('; ')}`,
      'Correct them in the `with:` block of the step; nothing was read or written.',
    )
    this.name = 'InputErrors'
    this.problems = problems
  }
}

/** `platforms: "linux/armm64" is not …`, the form in which every input problem is told. */
function describeProblem(problem: InputProblem): string {
  const value = problem.value === undefined ? '' : `${JSON.stringify(problem.value)} `
  return `${problem.input}: ${value}${problem.message}`
}

/** The error as an ActionError; what is not one is a bug of ours and says so. */
export function toActionError(error: unknown): ActionError {
  if (error instanceof ActionError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new ActionError(
    'unexpected',
    `unexpected failure: ${message.split('\n', 1).join('')}`,
    'This is a defect: please report it with the log of this step.',
    { cause: error },
  )
}
