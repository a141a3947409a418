import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'

import type { TargetGroups } from '../../ports/target-health.ts'
import { callAws } from './failure.ts'
import { clientConfiguration, type AwsClientSettings } from './settings.ts'

type Library = typeof import('@aws-sdk/client-elastic-load-balancing-v2')

/** Elastic Load Balancing, loaded at the first question: most runs have none. */
export function createTargetGroups(settings: AwsClientSettings): TargetGroups {
  const ask = async <T>(
    operation: string,
    send: (client: ElasticLoadBalancingV2Client, library: Library) => Promise<T>,
  ): Promise<T> => {
    const library = await import('@aws-sdk/client-elastic-load-balancing-v2')
    const client = new library.ElasticLoadBalancingV2Client(clientConfiguration(settings, 3))
    try {
      return await callAws('Elastic Load Balancing', operation, () => send(client, library))
    } finally {
      client.destroy()
    }
  }
  return {
    async targets(targetGroupArn) {
      const answer = await ask('DescribeTargetHealth', (client, library) =>
        client.send(new library.DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })),
      )
      return (answer.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => ({
        targetGroupArn,
        id: Target?.Id,
        port: Target?.Port,
        state: TargetHealth?.State ?? '',
        reason: TargetHealth?.Reason,
        description: TargetHealth?.Description,
      }))
    },
    async deregistrationDelaySeconds(targetGroupArn) {
      const answer = await ask('DescribeTargetGroupAttributes', (client, library) =>
        client.send(
          new library.DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn }),
        ),
      )
      const value = (answer.Attributes ?? []).find(
        ({ Key }) => Key === 'deregistration_delay.timeout_seconds',
      )?.Value
      return value === undefined || !/^\d+$/.test(value) ? undefined : Number(value)
    },
  }
}
