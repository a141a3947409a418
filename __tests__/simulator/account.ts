import { ECRClient } from '@aws-sdk/client-ecr'
import { STSClient } from '@aws-sdk/client-sts'

import { VirtualClock } from '../../simulator/clock/virtual-clock.ts'
import type { AccessKey } from '../../simulator/iam/principal.ts'
import type { SimulatorOptions } from '../../simulator/options.ts'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'

/** A simulated account in virtual time with an administrator's key. */
export interface Account {
  readonly simulator: Simulator
  readonly clock: VirtualClock
  readonly administrator: AccessKey
}

export async function openAccount(options: SimulatorOptions = {}): Promise<Account> {
  const clock = new VirtualClock()
  const simulator = await startSimulator({ clock, ...options })
  const administrator = simulator.iam.addUser({ name: 'administrator' })
  return { simulator, clock, administrator }
}

interface ClientOptions {
  readonly endpoint: string
  readonly region: string
  readonly maxAttempts: number
  readonly credentials: Pick<AccessKey, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>
}

/** What the SDK needs to speak to the simulator as the owner of `key`. */
export function clientOptions(
  simulator: Simulator,
  key: Omit<AccessKey, 'principal'>,
): ClientOptions {
  const { accessKeyId, secretAccessKey, sessionToken } = key
  return {
    endpoint: simulator.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
    },
  }
}

export function ecrClient({ simulator, administrator }: Account, key = administrator): ECRClient {
  return new ECRClient(clientOptions(simulator, key))
}

export function stsClient({ simulator, administrator }: Account, key = administrator): STSClient {
  return new STSClient(clientOptions(simulator, key))
}

/** Name and message of the error that `promise` rejects with. */
export async function refusal(promise: Promise<unknown>): Promise<{ name: string; text: string }> {
  try {
    await promise
  } catch (cause) {
    if (cause instanceof Error) return { name: cause.name, text: cause.message }
    throw cause
  }
  throw new Error('it was not refused')
}
