import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readPolicy } from '../../simulator/iam/policy/document.ts'
import { objectsMember } from '../../simulator/wire/members.ts'
import type { JsonObject } from '../../simulator/wire/service.ts'
import { BundleWorld, type BundleRun } from '../support/bundle-world.ts'

const folder = join(import.meta.dirname, '..', '..', 'docs', 'iam')
const names = readdirSync(join(folder, 'features')).toSorted()

/** A document as it is published, moved to the simulated region and to `repository`. */
function document(path: string, repository = 'team/web'): JsonObject {
  const text = readFileSync(join(folder, path), 'utf8').replaceAll('eu-central-1', 'us-east-1')
  return JSON.parse(
    text.replaceAll('repository/team/web', `repository/${repository}`),
  ) as JsonObject
}

function actionsOf(policy: JsonObject): readonly string[] {
  const statements = objectsMember(policy, 'Statement') ?? []
  return statements.flatMap(({ Action: action }) => action as string | string[])
}

describe('the published IAM documents of single features', () => {
  const readme = readFileSync(join(folder, '..', '..', 'README.md'), 'utf8')

  it.each(names)('%s is named by the README, and IAM would take it', (name) => {
    expect(readme).toContain(`docs/iam/features/${name}`)
    expect(() => readPolicy(document(`features/${name}`))).not.toThrow()
  })

  it.each(names)('%s allows nothing but operations that AWS has', (name) => {
    const unknown = actionsOf(document(`features/${name}`)).filter((action) => {
      const [service, operation = ''] = action.split(':')
      if (service === 's3') return !['GetObject', 'PutObject', 'ListBucket'].includes(operation)
      const client: object = service === 'ecr' ? ecr : ecs
      return !Object.hasOwn(client, `${operation}Command`)
    })
    expect(unknown).toEqual([])
  })
})

describe('a feature with what its document adds to the deploy role', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await BundleWorld.create()
  })
  afterEach(async () => {
    await world.close()
  })

  async function run(
    inputs: Readonly<Record<string, string>>,
    features: readonly string[],
  ): Promise<BundleRun['main']> {
    const parts = ['deploy-role.json', ...features.map((name) => `features/${name}.json`)]
    const { repository = 'team/web' } = inputs
    const statements = parts.flatMap(
      (part) => objectsMember(document(part, repository), 'Statement') ?? [],
    )
    const trustPolicy = document('trust-policy.json')
    const { iam, oidc } = world.simulator
    oidc.job = { ...oidc.job, environment: 'production' }
    iam.addRole({
      name: 'deployer',
      trustPolicy: trustPolicy as never,
      policy: { Version: '2012-10-17', Statement: statements },
    })
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

  it.each<[string, Readonly<Record<string, string>>, string, string]>([
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
})
