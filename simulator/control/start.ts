import { writeFile } from 'node:fs/promises'

import { RealClock } from '../clock/real-clock.ts'
import { VirtualClock } from '../clock/virtual-clock.ts'
import { ContainerDriver } from '../ecs/drivers/container-driver.ts'
import { ScriptedDriver } from '../ecs/drivers/scripted-driver.ts'
import type { AccessKey } from '../iam/principal.ts'
import { trustGitHub } from '../iam/trust-policy.ts'
import type { RegistryOptions } from '../options.ts'
import { startSimulator, type Simulator } from '../simulator.ts'
import { createTlsIdentity } from '../wire/tls.ts'
import type { Arguments } from './arguments.ts'

/** A simulator that the command line asked for, and what to tell the user about it. */
export interface Started {
  readonly simulator: Simulator
  readonly introduction: string
}

const CLUSTER = 'demo'

/** Starts a simulator and puts into it what `arguments` name. */
export async function startFromArguments(settings: Arguments): Promise<Started> {
  const { accountId, region, port } = settings
  const clock = settings.clock === 'virtual' ? new VirtualClock() : new RealClock()
  const driver =
    settings.driver === 'container'
      ? new ContainerDriver({ environment: process.env })
      : new ScriptedDriver(clock)
  const simulator = await startSimulator({
    accountId,
    region,
    port,
    clock,
    driver,
    registry: await registryOptions(settings),
  })
  const tagMutability = settings.immutable ? 'IMMUTABLE' : 'MUTABLE'
  for (const name of settings.repositories) simulator.ecr.registry.create(name, { tagMutability })
  const trustPolicy = trustGitHub({ accountId, subject: settings.subject })
  for (const name of settings.roles) simulator.iam.addRole({ name, trustPolicy })
  const administrator = simulator.iam.addUser({ name: 'administrator' })
  await createCluster(simulator, administrator)
  return { simulator, introduction: introduce(simulator, administrator) }
}

/** The cluster that the printed example commands speak of. */
async function createCluster(simulator: Simulator, { accessKeyId, principal }: AccessKey) {
  const { arn, accountId } = principal
  const { region } = simulator.ecr.registry.place
  const caller = { accessKeyId, accountId, arn, region }
  const create = simulator.ecs.operations['CreateCluster']
  await create?.({ clusterName: CLUSTER }, { caller, requestId: 'start' })
}

async function registryOptions(settings: Arguments): Promise<RegistryOptions> {
  const { accountId, region, data, registryPort, registryCa } = settings
  const options = {
    proxyEndpoint: 'loopback' as const,
    ...(data !== undefined && { directory: data }),
    ...(registryPort !== undefined && { listen: `127.0.0.1:${String(registryPort)}` }),
  }
  if (registryCa === undefined) return options
  const host = `${accountId}.dkr.ecr.${region}.amazonaws.com`
  const tls = await createTlsIdentity([host, 'localhost', '127.0.0.1'])
  await writeFile(registryCa, tls.authority)
  return { listen: '127.0.0.1:0', ...options, tls }
}

function introduce(simulator: Simulator, administrator: AccessKey): string {
  const environment = {
    ...simulator.environment,
    AWS_ACCESS_KEY_ID: administrator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
  }
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`)
  const lines = [
    `# The simulator listens on ${simulator.url}, its registry on ${simulator.registry.url}.`,
    '# These keys are good for nothing but this simulator:',
    ...exports,
    `# Try: aws ecs describe-clusters --clusters ${CLUSTER}`,
    `#      aws ecr get-login-password | docker login -u AWS --password-stdin ${simulator.registry.host}`,
    '# End it with Ctrl-C.',
  ]
  return `${lines.join('\n')}\n`
}
