import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr'
import {
  DescribeServicesCommand,
  ECSClient,
  type ECSClientConfig,
  type Service,
} from '@aws-sdk/client-ecs'

import type { Target } from './arguments.ts'
import type { Identity } from './identity.ts'
import { Refusal } from './refusal.ts'

/** The folder of action.yml and of the built bundle. */
export const actionDirectory = join(import.meta.dirname, '..', '..')

/** @throws Refusal where this machine lacks what the runs need. */
export async function checkMachine(): Promise<void> {
  if (process.platform !== 'linux') throw new Refusal('recording needs Linux')
  if (!existsSync(join(actionDirectory, 'dist', 'index.js'))) {
    throw new Refusal('dist/ is missing: run `npm run package`')
  }
  try {
    await promisify(execFile)('docker', ['buildx', 'version'])
  } catch (cause) {
    throw new Refusal('Docker with buildx is missing: `docker buildx version` fails', { cause })
  }
}

/**
 * Reads the account; writes nothing.
 * @throws Refusal where the runs could not end as they are meant to, or would do harm.
 */
export async function checkAccount(target: Target, identity: Identity): Promise<void> {
  const configuration = { region: target.region, credentials: identity.keys }
  const service = await ask(`service "${target.service}"`, () => findService(target, configuration))
  const reason = unsuitable(service)
  if (reason !== undefined) throw new Refusal(`service "${target.service}" ${reason}`)
  await ask(`repository "${target.repository}"`, () =>
    new ECRClient(configuration).send(
      new DescribeRepositoriesCommand({ repositoryNames: [target.repository] }),
    ),
  )
}

async function findService(
  { cluster, service }: Target,
  configuration: ECSClientConfig,
): Promise<Service | undefined> {
  const ecs = new ECSClient(configuration)
  const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }))
  return answer.services?.find(({ status }) => status === 'ACTIVE')
}

/** Why the demo's runs can not be played on a service; undefined where they can. */
export function unsuitable(service: Service | undefined): string | undefined {
  if (service === undefined) return 'is not there'
  const { deploymentConfiguration = {}, deploymentController, deployments = [] } = service
  const { strategy = 'ROLLING', deploymentCircuitBreaker: breaker } = deploymentConfiguration
  const controller = deploymentController?.type ?? 'ECS'
  if (controller !== 'ECS') return `has the deployment controller ${controller}, not ECS`
  if (strategy !== 'ROLLING') return `deploys ${strategy}, not ROLLING`
  if (breaker?.enable !== true || !breaker.rollback) {
    return 'has no circuit breaker with rollback: the broken commit would stay'
  }
  if ((service.desiredCount ?? 0) === 0) return 'has a desired count of 0'
  return deployments.length === 1 ? undefined : 'is being deployed right now'
}

async function ask<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause)
    throw new Refusal(`${what} can not be read: ${text.split('\n')[0] ?? ''}`, { cause })
  }
}
