import type { GetLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs'

import type { ContainerLogs } from '../../ports/container-logs.ts'
import { callAws } from './failure.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'

/** CloudWatch Logs, loaded by the first read. */
export function createContainerLogs(settings: AwsClientSettings): ContainerLogs {
  return {
    async tail(group, stream, lines) {
      const page = { limit: lines, startFromHead: false }
      return linesOf(await getLogEvents(settings, group, stream, page))
    },
    async readOn(group, stream, token) {
      const page = { startFromHead: true, ...(token !== undefined && { nextToken: token }) }
      const answer = await getLogEvents(settings, group, stream, page)
      return { lines: linesOf(answer), token: answer.nextForwardToken ?? token }
    },
  }
}

async function getLogEvents(
  settings: AwsClientSettings,
  group: string,
  stream: string,
  page: { limit?: number; startFromHead: boolean; nextToken?: string },
): Promise<GetLogEventsCommandOutput> {
  const { CloudWatchLogsClient, GetLogEventsCommand } =
    await import('@aws-sdk/client-cloudwatch-logs')
  const client = new CloudWatchLogsClient(clientConfiguration(settings, 3))
  try {
    const input = { logGroupName: group, logStreamName: stream, ...page }
    return await callAws('CloudWatch Logs', 'GetLogEvents', () =>
      client.send(new GetLogEventsCommand(input)),
    )
  } finally {
    client.destroy()
  }
}

function linesOf({ events }: GetLogEventsCommandOutput): readonly string[] {
  return (events ?? []).map((event) => event.message ?? '')
}
