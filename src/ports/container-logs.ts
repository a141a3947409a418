/** Where containers' log lines are kept (awslogs: CloudWatch Logs). */
export interface ContainerLogs {
  /**
   * The last `lines` lines of a stream, oldest first. Untrusted.
   * @throws AwsFailure
   */
  tail(group: string, stream: string, lines: number): Promise<readonly string[]>
}
