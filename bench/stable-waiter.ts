import { mock } from 'node:test'

import { ECSClient, waitUntilServicesStable } from '@aws-sdk/client-ecs'

import type { Account } from '../__tests__/histories/account.ts'
import { mostMs } from './unattended.ts'

const stepMs = 500

/**
 * When the SDK's waiter calls the service stable, after UpdateService: its own code and delays.
 * @returns undefined where it gives up after an hour.
 */
export async function waiterMs(account: Account, startMs: number): Promise<number | undefined> {
  const client = new ECSClient({ region: 'us-east-1' })
  client.middlewareStack.add(
    () => async () => {
      const answer = await account.ask('DescribeServices', { cluster: 'prod', services: ['web'] })
      return { output: { $metadata: {}, ...answer }, response: {} }
    },
    { step: 'initialize', priority: 'high' },
  )
  mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  try {
    const state = { isOver: false }
    const work = waitUntilServicesStable(
      { client, maxWaitTime: mostMs / 1_000 },
      { cluster: 'prod', services: ['web'] },
    )
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && error.name === 'TimeoutError') return false
          throw error
        },
      )
      .finally(() => {
        state.isOver = true
      })
    for (;;) {
      await new Promise(setImmediate)
      if (state.isOver) break
      await account.clock.sleep(stepMs)
      mock.timers.tick(stepMs)
    }
    return (await work) ? account.clock.monotonicMs() - startMs : undefined
  } finally {
    mock.timers.reset()
    client.destroy()
  }
}
