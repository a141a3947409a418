/** Some lines of a stream, and where to go on. */
export interface LogPage {
  readonly lines: readonly string[]
  readonly token: string | undefined
}

/** Where containers' log lines are kept (awslogs: CloudWatch Logs). */
export interface ContainerLogs {
  /**
   * The last `lines` lines of a stream, oldest first. Untrusted.
   * @throws AwsFailure
   */
  tail(group: string, stream: string, lines: number): Promise<readonly string[]>
  /**
   * What a stream holds after `token`, oldest first, one page of it. Untrusted.
   * @param token Of the page before; undefined: from the beginning.
   * @returns the token to go on from; the same one where there is nothing more yet.
   * @throws AwsFailure
   */
  readOn(group: string, stream: string, token: string | undefined): Promise<LogPage>
}
