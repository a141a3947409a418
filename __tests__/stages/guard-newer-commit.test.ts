import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { createEcr } from '../../src/adapters/aws/ecr.ts'
import type { PushedImage } from '../../src/core/image/image.ts'
import type { ServicePlan } from '../../src/core/plan/service/service-plan.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import type { GitHub } from '../../src/ports/github.ts'
import { guardNewerCommit } from '../../src/stages/preflight/guard-newer-commit.ts'
import { EcsWorld, inputs } from '../support/ecs-world.ts'
import { addShop, commits, gitHubOf } from '../support/github-world.ts'
import { noGitHub } from '../support/no-github.ts'
import { pushOfCommit } from '../support/paused-world.ts'
import { commit } from '../support/run-context.ts'
import { registryHost } from '../support/test-registry.ts'

let world: EcsWorld
let session: AwsSession
let image: PushedImage
beforeEach(async () => {
  world = await EcsWorld.create()
  addShop(world.simulator)
  process.env['AWS_ENDPOINT_URL_ECR'] = world.simulator.url
  const key = world.simulator.iam.addUser({ name: 'reader' })
  const settings = { region: 'us-east-1', credentials: () => Promise.resolve(key) }
  session = { ...world.session, ecr: () => createEcr(settings) }
})
afterEach(async () => {
  delete process.env['AWS_ENDPOINT_URL_ECR']
  await world.close()
})

/** The service as it is once it runs the image of `live`. */
async function running(live: string): Promise<ServicePlan> {
  image = await pushOfCommit(world, live)
  expect(await world.deploy(image)).toMatchObject({ outcome: 'deployed' })
  return await world.plan({}, image)
}

async function guard(
  plans: readonly ServicePlan[],
  github: GitHub = gitHubOf(world.simulator),
): Promise<unknown> {
  world.report.warnings.length = 0
  const ports = { ...world.ports, github }
  return await guardNewerCommit(plans, commit, session, ports).catch((error: unknown) => error)
}

describe('guard-newer-commit', () => {
  it('refuses where a service runs a commit that has all of ours and more, and names both', async () => {
    const plan = await running(commits.newer)
    expect(await guard([plan, { ...plan, service: 'api' }])).toMatchObject({
      code: 'newer-commit-deployed',
      message: `prod/web, prod/api runs commit ${commits.newer}, which is newer than ${commit}, the one to be released`,
    })
    expect(world.simulator.requests.list('github', 'CompareCommits')).toHaveLength(1)
  })

  it.each([
    ['an older commit', commits.older],
    ['this very commit', commit],
  ])('lets a release pass over %s without a word', async (_what, live) => {
    expect(await guard([await running(live)])).toBeUndefined()
    expect(world.report.warnings).toEqual([])
  })

  it('warns of a commit that is neither older nor newer', async () => {
    expect(await guard([await running(commits.diverged)])).toBeUndefined()
    expect(world.report.warnings).toEqual([
      `guard-newer-commit cannot tell whether ${commits.diverged}, which prod/web runs, is newer: each of the two has commits that the other has not; the release goes on`,
    ])
  })

  it('asks ECS what a tag stands for', async () => {
    await pushOfCommit(world, commits.newer)
    const definition = {
      family: 'web',
      ...{ networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512' },
      executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
      containerDefinitions: [{ name: 'app', image: `${registryHost}/web:v1` }],
    }
    await world.call('RegisterTaskDefinition', definition)
    const update = { cluster: 'prod', service: 'web', taskDefinition: 'web' }
    await world.call('UpdateService', update)
    await world.clock.sleep(300_000)
    const plan = { ...(await world.plan({ ...inputs })), containerNames: ['app'] }
    expect(await guard([plan])).toMatchObject({ code: 'newer-commit-deployed' })
  })

  it('warns once for each reason why it cannot tell, and lets the release pass', async () => {
    const before = { ...(await world.plan()), containerNames: ['app'] }
    expect(await guard([before])).toBeUndefined()
    expect(world.report.warnings).toEqual([
      'guard-newer-commit cannot tell the commit that prod/web runs: what it runs is no image of ECR with a digest; the release goes on',
    ])
    const plan = await running(commits.newer)
    for (const [github, why] of [
      [noGitHub, '`github-token` is empty'],
      [gitHubOf(world.simulator, {}), 'add `permissions: contents: read` to the job'],
    ] as const) {
      expect(await guard([plan], github)).toBeUndefined()
      expect(world.report.warnings).toHaveLength(1)
      expect(world.report.warnings[0]).toContain(why)
    }
  })

  it('warns where the commit that runs is not of this repository', async () => {
    expect(await guard([await running('f'.repeat(40))])).toBeUndefined()
    expect(world.report.warnings[0]).toContain('404: Not Found')
  })

  it('warns where the registry may not be read', async () => {
    const plan = await running(commits.newer)
    const key = world.simulator.iam.addUser({ name: 'stranger', allow: [] })
    const settings = { region: 'us-east-1', credentials: () => Promise.resolve(key) }
    session = { ...session, ecr: () => createEcr(settings) }
    expect(await guard([plan])).toBeUndefined()
    expect(world.report.warnings[0]).toContain('ecr:BatchGetImage')
  })
})
