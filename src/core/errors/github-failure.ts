/** What is known of the moment a call to GitHub's REST API failed. */
export class GitHubFailure extends Error {
  /** In words: `compare commits`. */
  readonly operation: string
  /** Undefined where no answer came. */
  readonly status: number | undefined

  constructor(
    about: { operation: string; message: string; status?: number | undefined },
    options?: { cause?: unknown },
  ) {
    super(about.message, options)
    this.name = 'GitHubFailure'
    this.operation = about.operation
    this.status = about.status
  }

  /** The token lacks the permission ("Resource not accessible by integration"), or is none. */
  get denied(): boolean {
    return this.status === 401 || (this.status === 403 && !this.throttled)
  }

  /** GitHub answers 403 and 429 where the hour's requests are used up. */
  get throttled(): boolean {
    return this.status === 429 || (this.status === 403 && /rate limit/i.test(this.message))
  }

  /** Whether the same call may do better a moment later. */
  get transient(): boolean {
    return this.status === undefined || this.status >= 500
  }
}
