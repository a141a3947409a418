import type { ContainerLogs } from '../../ports/container-logs.ts'
import { callAws } from './failure.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'

/** CloudWatch Logs, loaded at the first failure that needs it. */
export function createContainerLogs(settings: AwsClientSettings): ContainerLogs {
  return {
    async tail(group, stream, lines) {
      const { CloudWatchLogsClient, GetLogEventsCommand } =
        await import('@aws-sdk/client-cloudwatch-logs')
      const client = new CloudWatchLogsClient(clientConfiguration(settings, 3))
      try {
        const answer = await callAws('CloudWatch Logs', 'GetLogEvents', () =>
          client.send(
            new GetLogEventsCommand({
              logGroupName: group,
              logStreamName: stream,
              limit: lines,
              startFromHead: false,
            }),
          ),
        )
        return (answer.events ?? []).map((event) => event.message ?? '')
      } finally {
        client.destroy()
      }
    },
  }
}
