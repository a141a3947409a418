/**
 * What is known of the moment an AWS call failed. Adapters throw it; the fault catalogue turns it
 * into an ActionError where somebody knows what was being attempted.
 */
export class AwsFailure extends Error {
  readonly service: string
  readonly operation: string
  /** AWS's error code (`AccessDeniedException`), or the name of the network error. */
  readonly code: string
  /** Undefined when no answer came. */
  readonly httpStatus: number | undefined
  readonly requestId: string | undefined

  constructor(
    about: {
      service: string
      operation: string
      code: string
      message: string
      httpStatus?: number | undefined
      requestId?: string | undefined
    },
    options?: { cause?: unknown },
  ) {
    super(about.message, options)
    this.name = 'AwsFailure'
    this.service = about.service
    this.operation = about.operation
    this.code = about.code
    this.httpStatus = about.httpStatus
    this.requestId = about.requestId
  }

  /**
   * Whether the call may have taken effect although it failed: no answer, a broken one, or a server
   * error.
   * UpdateService has no client token, so only a look can tell.
   */
  get ambiguous(): boolean {
    return this.httpStatus === undefined || this.httpStatus < 300 || this.httpStatus >= 500
  }

  /** No connection was made: the call was surely not done, and may be made again. */
  get unsent(): boolean {
    return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(this.code)
  }

  /** ECS answers `AccessDeniedException`, ECR and STS `AccessDenied` in some paths. */
  get denied(): boolean {
    return this.code === 'AccessDeniedException' || this.code === 'AccessDenied'
  }

  get throttled(): boolean {
    return /^(Throttling|ThrottlingException|ThrottledException|RequestLimitExceeded|TooManyRequestsException|RequestThrottled.*)$/.test(
      this.code,
    )
  }

  /** The credentials themselves no longer hold; no call with them will succeed. */
  get credentialsGone(): boolean {
    return /^(ExpiredToken|ExpiredTokenException|UnrecognizedClientException|InvalidClientTokenId|CredentialsProviderError|InvalidSignatureException)$/.test(
      this.code,
    )
  }
}
