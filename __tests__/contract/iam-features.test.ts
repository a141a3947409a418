import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as ecr from '@aws-sdk/client-ecr'
import * as ecrPublic from '@aws-sdk/client-ecr-public'
import * as ecs from '@aws-sdk/client-ecs'
import * as iam from '@aws-sdk/client-iam'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readPolicy } from '../../simulator/iam/policy/document.ts'
import type { JsonObject } from '../../simulator/wire/service.ts'
import type { BundleRun, BundleWorld } from '../support/bundle-world.ts'
import { actionsOf, published, publishedTrust, root, together } from '../support/published-iam.ts'
import { readme } from '../support/published-workflow.ts'
import { openRolesWorld } from '../support/roles-world.ts'

const folder = join(root, 'docs', 'iam', 'features')
const names = readdirSync(folder).toSorted()

/** A document as it is published, moved to `repository`. */
function document(path: string, repository = 'team/web'): JsonObject {
  const text = JSON.stringify(published(path))
  return JSON.parse(
    text.replaceAll('repository/team/web', `repository/${repository}`),
  ) as JsonObject
}

/** Actions that belong to no operation of a client that is installed here. */
const withoutClient = new Set([
  ...['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
  ...['iam:PassRole', 'sts:GetServiceBearerToken'],
])
const clients: Readonly<Record<string, object>> = { ecr, ecs, iam, 'ecr-public': ecrPublic }

describe('the published IAM documents of single features', () => {
  it.each(names)('%s is named by the README, and IAM would take it', (name) => {
    expect(readme).toContain(`docs/iam/features/${name}`)
    expect(() => readPolicy(document(`features/${name}`))).not.toThrow()
  })

  it.each(names)('%s allows nothing but operations that AWS has', (name) => {
    const unknown = actionsOf(document(`features/${name}`)).filter((action) => {
      const [service = '', operation = ''] = action.split(':')
      const known = Object.hasOwn(clients[service] ?? {}, `${operation}Command`)
      return !known && !withoutClient.has(action)
    })
    expect(unknown).toEqual([])
  })
})

describe('a feature with what its document adds to the deploy role', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await openRolesWorld({
      tags: [{ key: 'team', value: 'web' }],
      volumes: [{ name: 'data', configuredAtLaunch: true }],
    })
  })
  afterEach(async () => {
    await world.close()
  })

  async function run(
    inputs: Readonly<Record<string, string>>,
    features: readonly string[],
  ): Promise<BundleRun['main']> {
    const parts = ['deploy-role.json', ...features.map((name) => `features/${name}.json`)]
    const policy = together(...parts.map((part) => document(part, inputs['repository'])))
    const trustPolicy = publishedTrust('trust-policy.json')
    world.simulator.iam.addRole({ name: 'deployer', trustPolicy, policy })
    const { main } = await world.run({ ...inputs }, { withoutPost: true })
    return main
  }

  const service = { cluster: 'main', service: 'web' }
  const behaviour = JSON.stringify({ exitsAfterMs: 2_000, exitCode: 0 })
  const overrides = JSON.stringify([
    { name: 'web', environment: [{ name: 'SIMULATOR_BEHAVIOUR', value: behaviour }] },
  ])
  const task = { ...service, mode: 'run', 'run-task-container-overrides': overrides }
  const scan = { repository: 'team/web', scan: 'gate', 'scan-fail-on': 'critical' }

  const volume = {
    'service-managed-ebs-volume-name': 'data',
    'service-managed-ebs-volume': JSON.stringify({
      sizeInGiB: 10,
      roleArn: 'arn:aws:iam::123456789012:role/ecs-volumes',
    }),
  }

  it.each<[string, Readonly<Record<string, string>>, string, string]>([
    [
      'tagged-task-definition',
      { ...service, repository: 'team/web' },
      'ecs:TagResource',
      'deployed',
    ],
    ['managed-ebs-volume', { ...service, mode: 'deploy', ...volume }, 'iam:PassRole', 'deployed'],
    ['run-task', task, 'ecs:RunTask', 'ran'],
    ['scan', scan, 'ecr:DescribeImageScanFindings', 'already-pushed'],
    [
      'create-repository',
      { repository: 'team/new', 'create-repository': 'true' },
      'ecr:CreateRepository',
      'pushed',
    ],
  ])(
    '%s is green with it, and names what is missing without',
    async (name, inputs, action, outcome) => {
      const denied = await run(inputs, [])
      expect(denied.exitCode).toBe(1)
      expect(denied.annotations.map(({ message }) => message).join('\n')).toContain(action)
      const allowed = await run(inputs, [name])
      expect([allowed.outputs['outcome'], allowed.annotations]).toEqual([outcome, []])
    },
  )

  it('check-roles has a role that is not there refused before anything is registered', async () => {
    const roles = { ...service, mode: 'deploy', 'task-role-arn': 'shop-ap' }
    const unchecked = await run(roles, [])
    expect(unchecked.outputs['error-code']).not.toBe('role-not-found')
    const checked = await run(roles, ['check-roles'])
    expect(checked.outputs).toMatchObject({ outcome: 'refused', 'error-code': 'role-not-found' })
  })
})
