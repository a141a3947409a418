/** One child process. Arguments are an array; no shell ever reads them. */
export interface ProcessRequest {
  /** Looked up on PATH. */
  readonly command: string
  readonly arguments: readonly string[]
  /** Added to the job's environment less the deny-list (see adapters/process/environment.ts). */
  readonly environment?: Readonly<Record<string, string>>
  /** Variables of the job that it gets although they are on the deny-list. */
  readonly keptVariables?: readonly string[]
  /** Written to its standard input, which is then closed. Secrets go here, never into arguments. */
  readonly input?: string
  readonly workingDirectory?: string
  /** Each line as it comes, of both streams. Untrusted. */
  readonly onLine?: (line: string) => void
}

export interface ProcessResult {
  /** 128 + n where signal n ended it. */
  readonly exitCode: number
  /** Bounded: the first MiB. */
  readonly stdout: string
  /** Whether more was written to it than `stdout` holds: then it proves nothing. */
  readonly truncated: boolean
  /** The last lines of standard error, oldest first. */
  readonly stderrTail: readonly string[]
}

export interface Processes {
  /** A variable of the job, deny-list or not. */
  variable(name: string): string | undefined
  /**
   * Runs a child to its end. When `signal` aborts, the child and its children are ended and the
   * promise rejects with the signal's reason within 3 s.
   * @throws CommandUnavailable where the command cannot be started; ActionError `file-unreadable`
   * where its working directory is missing.
   */
  run(request: ProcessRequest, signal: AbortSignal): Promise<ProcessResult>
}
