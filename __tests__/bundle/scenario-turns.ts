import type { Disturbance } from '../../simulator/ecs/disturbance.ts'
import { objectsMember } from '../../simulator/wire/members.ts'
import type { JsonObject } from '../../simulator/wire/service.ts'
import { registryHost, type BundleWorld } from '../support/bundle-world.ts'
import { pushIndex } from '../support/push-index.ts'

const place = { cluster: 'main', service: 'web' }

type OnWeb<D> = D extends { readonly service: string } ? Omit<D, 'service' | 'cluster'> : D

/** What no call of anybody asks for, to be done later. */
export function disturb(world: BundleWorld, what: OnWeb<Disturbance>): () => void {
  return () => {
    world.simulator.ecs.disturb({ ...place, ...what })
  }
}

/** Somebody else's UpdateService back to what ran before. */
export function updateByHand(world: BundleWorld): () => Promise<JsonObject> {
  const input = { ...place, taskDefinition: 'web:1', forceNewDeployment: true }
  return () => world.call('UpdateService', input)
}

/** Somebody else's StopServiceDeployment of the newest deployment. */
export function stopByHand(world: BundleWorld): () => Promise<JsonObject> {
  return async () => {
    const { serviceDeploymentArn } = await newest(world)
    return await world.call('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' })
  }
}

/** Whether an answer tells of a deployment that stands at `status`. */
function shows(status: string): (output: JsonObject) => boolean {
  return (output) =>
    objectsMember(output, 'serviceDeployments')?.some((one) => one['status'] === status) === true
}

/** Somebody else's UpdateService in the moment in which the action is told of its success. */
export function supersedeSuccess(world: BundleWorld): void {
  world.upon('DescribeServiceDeployments', shows('SUCCESSFUL'), updateByHand(world))
}

/** The job is cancelled while the action waits for an answer, and the rollout ends meanwhile. */
export function cancelAtTheEnd(world: BundleWorld, cancel: () => void): void {
  const call = 'ecs:DescribeServiceDeployments'
  world.simulator.faults.add([{ call, stall: 'after' }])
  world.upon('DescribeServiceDeployments', shows('PENDING'), async () => {
    await world.pass(300_000)
    cancel()
  })
}

/**
 * A history of three deployments: the middle one by a tag, which names another image by now.
 */
export async function moveTag(world: BundleWorld): Promise<void> {
  const { simulator } = world
  simulator.ecr.registry.create('team/moving')
  await pushIndex(simulator, 'team/moving', 'then')
  await deployByHand(world, `${registryHost}/team/moving:pushed`)
  await deployByHand(world, 'registry.example.com/web:second')
  await pushIndex(simulator, 'team/moving', 'now')
}

/** Somebody else's deployment of another image, to its end. */
async function deployByHand(world: BundleWorld, image: string): Promise<void> {
  await world.register({ image })
  await world.call('UpdateService', { ...place, taskDefinition: 'web' })
  await world.pass(180_000)
}

/** Gives the service a lifecycle hook; its first deployment had none. */
export async function addHook(world: BundleWorld, hook: object): Promise<void> {
  const deploymentConfiguration = { lifecycleHooks: [hook] }
  await world.call('UpdateService', { ...place, deploymentConfiguration })
}

/** Has the first pause answered by somebody as soon as it is there. */
export function answerPause(world: BundleWorld, action: 'CONTINUE' | 'ROLLBACK'): void {
  whenever(world, async () => {
    const { serviceDeploymentArn } = await newest(world)
    const input = { serviceDeploymentArns: [serviceDeploymentArn] }
    const described = await world.call('DescribeServiceDeployments', input)
    const [record = {}] = objectsMember(described, 'serviceDeployments') ?? []
    const [hook] = objectsMember(record, 'lifecycleHookDetails') ?? []
    if (hook === undefined) return false
    const { hookId } = hook
    await world.call('ContinueServiceDeployment', { serviceDeploymentArn, hookId, action })
    return true
  })
}

/** Looks every other second of virtual time until it is done. */
function whenever(world: BundleWorld, attempt: () => Promise<boolean>): void {
  world.afterwards(2_000, async () => {
    if (!(await attempt())) whenever(world, attempt)
  })
}

async function deployments(world: BundleWorld): Promise<readonly JsonObject[]> {
  const answer = await world.call('ListServiceDeployments', place)
  return objectsMember(answer, 'serviceDeployments') ?? []
}

async function newest(world: BundleWorld): Promise<JsonObject> {
  return (await deployments(world))[0] ?? {}
}
