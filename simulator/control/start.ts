import { readFile, writeFile } from 'node:fs/promises'

import { RealClock } from '../clock/real-clock.ts'
import { VirtualClock } from '../clock/virtual-clock.ts'
import { DocumentError, type Problem } from '../document/problem.ts'
import { YamlDocument } from '../document/yaml-document.ts'
import { ContainerDriver } from '../ecs/drivers/container-driver.ts'
import { ScriptedDriver } from '../ecs/drivers/scripted-driver.ts'
import type { AccessKey } from '../iam/principal.ts'
import { trustGitHub } from '../iam/trust-policy.ts'
import type { RegistryOptions } from '../options.ts'
import { plantSeed } from '../seed/seed.ts'
import { startSimulator, type Simulator } from '../simulator.ts'
import { isObject } from '../wire/json.ts'
import { createTlsIdentity } from '../wire/tls.ts'
import type { Arguments } from './arguments.ts'

/** A simulator that the command line asked for, and what to tell the user about it. */
export interface Started {
  readonly simulator: Simulator
  readonly introduction: string
}

const CLUSTER = 'demo'

/**
 * Starts a simulator and puts into it what `settings` name.
 *
 * @throws a {@link DocumentError} when a seed or a fault plan is not right.
 */
export async function startFromArguments(settings: Arguments): Promise<Started> {
  const { accountId, region, port, throttling } = settings
  const clock = settings.clock === 'virtual' ? new VirtualClock() : new RealClock()
  const driver =
    settings.driver === 'container'
      ? new ContainerDriver({ environment: process.env })
      : new ScriptedDriver(clock)
  const registry = await registryOptions(settings)
  const simulator = await startSimulator({ accountId, region, port, clock, driver, registry })
  try {
    const administrator = simulator.iam.addUser({ name: 'administrator' })
    await createCluster(simulator, administrator)
    await fill(simulator, administrator, settings)
    if (throttling !== undefined) simulator.throttling.mode = throttling
    return { simulator, introduction: introduce(simulator, administrator) }
  } catch (cause) {
    await simulator.close()
    throw cause
  }
}

async function fill(
  simulator: Simulator,
  administrator: AccessKey,
  settings: Arguments,
): Promise<void> {
  const { accountId, subject, seed, faults } = settings
  const tagMutability = settings.immutable ? 'IMMUTABLE' : 'MUTABLE'
  for (const name of settings.repositories) simulator.ecr.registry.create(name, { tagMutability })
  const trustPolicy = trustGitHub({ accountId, subject })
  for (const name of settings.roles) simulator.iam.addRole({ name, trustPolicy })
  if (seed !== undefined) {
    await plantSeed(await readFile(seed, 'utf8'), seed, simulator, administrator)
  }
  if (faults !== undefined) addFaults(simulator, await readFile(faults, 'utf8'), faults)
}

/** A file with a plan is a list of faults, or has it as its member `faults`. */
function addFaults(simulator: Simulator, text: string, name: string): void {
  const document = YamlDocument.parse(text, name)
  const { value } = document
  const inside = isObject(value) && value['faults'] !== undefined
  const plan = inside ? value['faults'] : value
  const problems: Problem[] = []
  simulator.faults.check(plan, inside ? ['faults'] : [], problems)
  if (problems.length > 0) {
    throw new DocumentError(`${name} is not right`, problems, document.placeOf)
  }
  simulator.faults.append(plan)
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
    GITHUB_TOKEN: simulator.github.token,
  }
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`)
  const lines = [
    `# The simulator listens on ${simulator.url}, its registry on ${simulator.registry.url}.`,
    '# These keys and this token are good for nothing but this simulator:',
    ...exports,
    `# Try: aws ecs describe-clusters --clusters ${CLUSTER}`,
    `#      aws ecr get-login-password | docker login -u AWS --password-stdin ${simulator.registry.host}`,
    '# End it with Ctrl-C.',
  ]
  return `${lines.join('\n')}\n`
}
