import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr'

import { createEcr } from '../../src/adapters/aws/ecr.ts'
import { isDigest } from '../../src/core/image/digest.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { AnswerInputs } from '../../src/core/inputs/deploy/waiting.ts'
import type { DeployInputs } from '../../src/core/inputs/inputs.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { ContinuePlan } from '../../src/core/plan/plan.ts'
import type { RunContext } from '../../src/core/run-context.ts'
import type { ServiceOutcome } from '../../src/core/rollout/evidence/service-outcome.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { continueDeployment } from '../../src/stages/deploy/continue-deployment.ts'
import { planContinue } from '../../src/stages/preflight/plan-continue.ts'
import { imageOf, indexOf } from '../simulator/ecr/image.ts'
import { RegistryClient } from '../simulator/ecr/registry-client.ts'
import { createBlueGreenWorld, waiting } from './blue-green.ts'
import { inputs, type EcsWorld, type WorldOptions } from './ecs-world.ts'
import { registryHost } from './test-registry.ts'

/** A blue/green service that a deployment of an image of a commit was left paused in. */
export class PausedWorld {
  readonly world: EcsWorld
  /** The deployer's, with an ECR that may be read. */
  readonly session: AwsSession
  /** How the run that left the pause ended. */
  readonly left: ServiceOutcome
  readonly image: PushedImage

  private constructor(parts: Pick<PausedWorld, 'world' | 'session' | 'left' | 'image'>) {
    this.world = parts.world
    this.session = parts.session
    this.left = parts.left
    this.image = parts.image
  }

  static async create(
    commit: string,
    configuration: JsonObject,
    options: WorldOptions = {},
  ): Promise<PausedWorld> {
    const world = await createBlueGreenWorld(configuration, options)
    process.env['AWS_ENDPOINT_URL_ECR'] = world.simulator.url
    const key = world.simulator.iam.addUser({ name: 'reader' })
    const settings = { region: 'us-east-1', credentials: () => Promise.resolve(key) }
    const session = {
      ...world.session,
      ecr: ({ region }: { readonly region: string }) => createEcr({ ...settings, region }),
    }
    const image = await pushOfCommit(world, commit)
    const left = await world.deploy(image, waiting('return'))
    return new PausedWorld({ world, session, left, image })
  }

  async plan(
    answer: Partial<AnswerInputs> = {},
    differences: Partial<DeployInputs> = {},
    session: AwsSession = this.session,
    context: Partial<RunContext> = {},
  ): Promise<ContinuePlan> {
    const named = { deploymentArn: undefined, hookId: undefined, action: 'CONTINUE' as const }
    const deploy = { ...inputs, ...differences }
    const given = { deploy, answer: { ...named, ...answer } }
    const { ports } = this.world
    const where = { ...ports, context: { ...ports.context, ...context } }
    return await planContinue(given, session, where)
  }

  async continue(
    answer: Partial<AnswerInputs> = {},
    differences: Partial<DeployInputs> = {},
  ): Promise<ServiceOutcome> {
    const plan = await this.plan(answer, differences)
    return await continueDeployment(plan, this.session, this.world.ports)
  }

  async close(): Promise<void> {
    delete process.env['AWS_ENDPOINT_URL_ECR']
    await this.world.close()
  }
}

/** Pushes an image that says which commit it is of, by the registry's own protocol. */
export async function pushOfCommit({ simulator }: EcsWorld, commit: string): Promise<PushedImage> {
  const key = simulator.iam.addUser({ name: 'pusher' })
  const credentials = () => Promise.resolve(key)
  const ecr = new ECRClient({ region: 'us-east-1', credentials, endpoint: simulator.url })
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'web' }))
  ecr.destroy()
  const client = RegistryClient.loggedIn(simulator, key.accessKeyId)
  const annotations = { 'org.opencontainers.image.revision': commit }
  const children = (['linux/amd64', 'linux/arm64'] as const).map(
    (platform) => [platform, imageOf(platform, commit, { annotations })] as const,
  )
  for (const [, image] of children) await client.push('web', image)
  const index = indexOf(Object.fromEntries(children))
  await client.push('web', index, 'v1')
  const registry = { host: registryHost, accountId: '123456789012', region: 'us-east-1' }
  return {
    repository: { registry, name: 'web' },
    digest: digestOf(index),
    platforms: children.map(([platform, image]) => ({
      ...{ platform, digest: digestOf(image), sizeBytes: 1 },
    })),
    ...{ tags: ['v1'], version: 'v1', commit, reused: false },
  }
}

function digestOf({ digest }: { readonly digest: string }): PushedImage['digest'] {
  if (isDigest(digest)) return digest
  throw new TypeError(`no digest: ${digest}`)
}
