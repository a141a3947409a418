import type { ECRClient } from '@aws-sdk/client-ecr'

import type { SimulatorOptions } from '../../../simulator/options.ts'
import { ecrClient, openAccount, type Account } from '../account.ts'
import { RegistryClient } from './registry-client.ts'

/** An account with the repository `shop/api` and a client for each way to it. */
export interface EcrAccount extends Account {
  readonly ecr: ECRClient
  readonly docker: RegistryClient
}

export async function openEcrAccount(options: SimulatorOptions = {}): Promise<EcrAccount> {
  const account = await openAccount(options)
  const { simulator, administrator } = account
  simulator.ecr.registry.create('shop/api')
  return {
    ...account,
    ecr: ecrClient(account),
    docker: RegistryClient.loggedIn(simulator, administrator.accessKeyId),
  }
}
