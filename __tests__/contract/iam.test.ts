import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { digestOf } from '../../simulator/ecr/store/digest.ts'
import type { JsonObject } from '../../simulator/wire/service.ts'
import { imageOf } from '../simulator/ecr/image.ts'
import { RegistryClient } from '../simulator/ecr/registry-client.ts'
import type { BundleRun, BundleWorld } from '../support/bundle-world.ts'
import { actionsOf, published, publishedTrust, root, without } from '../support/published-iam.ts'
import { openRolesWorld } from '../support/roles-world.ts'

const release = { repository: 'team/web', cluster: 'main', service: 'web' }
const built = { repository: 'team/web' }
const forced = { ...release, 'force-new-deployment': 'true' }
const briefly = { ...forced, 'wait-for-minutes': '3' }
const crashing = { exitsAfterMs: 2_000, exitCode: 3, logLines: ['no database'] }

const ACTION = /\b(?:ecr|ecs|iam|logs|sts):(?!PassedToService)[A-Z]\w+/g
/** In the order in which a release comes to need them. */
const asked = [
  ...['ecr:GetAuthorizationToken', 'ecr:DescribeRepositories', 'ecr:BatchGetImage'],
  ...['ecs:DescribeServices', 'ecs:DescribeTaskDefinition'],
  ...['ecr:InitiateLayerUpload', 'ecr:CompleteLayerUpload', 'ecr:PutImage'],
  ...['ecs:RegisterTaskDefinition', 'iam:PassRole', 'ecs:UpdateService'],
]
/** What BuildKit asks of the registry beside that: the recording docker pushes without. */
const pushed = ['ecr:BatchCheckLayerAvailability', 'ecr:UploadLayerPart']
const pushActions = [
  ...pushed,
  ...['ecr:InitiateLayerUpload', 'ecr:CompleteLayerUpload', 'ecr:PutImage'],
]
const followed = [
  ...['ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments'],
  'ecs:DescribeServiceRevisions',
  ...['ecs:ListTasks', 'ecs:DescribeTasks'],
]

function warningsOf({ annotations }: BundleRun['main']): readonly string[] {
  const warnings = annotations.filter(({ level }) => level === 'warning')
  return warnings.map(({ message }) => message).filter((message) => /the permission/.test(message))
}

describe('the published IAM documents', () => {
  let world: BundleWorld
  let full: JsonObject
  let minimal: JsonObject
  beforeEach(async () => {
    full = published('deploy-role.json')
    minimal = published('deploy-role-minimal.json')
    world = await openRolesWorld()
  })
  afterEach(async () => {
    await world.close()
  })

  async function run(
    policy: JsonObject,
    inputs: Readonly<Record<string, string>> = release,
    trust = 'trust-policy',
  ): Promise<BundleRun['main']> {
    const trustPolicy = publishedTrust(`${trust}.json`)
    world.simulator.iam.addRole({ name: 'deployer', trustPolicy, policy })
    const { main } = await world.run({ ...inputs }, { withoutPost: true })
    return main
  }

  it('README shows the role as it is published, and the minimal one is a part of it', async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8')
    const [, shown = ''] = /## Permissions[^]*?```json\n([^]*?)```/.exec(readme) ?? []
    const document = await readFile(join(root, 'docs', 'iam', 'deploy-role.json'), 'utf8')
    expect(JSON.parse(shown)).toEqual(JSON.parse(document))
    expect(full['Statement']).toEqual(expect.arrayContaining(minimal['Statement'] as unknown[]))
    expect([...asked, ...pushed].sort()).toEqual([...actionsOf(minimal)].sort())
  })

  it('G27 a release without one required action is red and names exactly that; with all it is green', async () => {
    const ends: unknown[] = []
    for (const action of asked) {
      const main = await run(without(full, action))
      const named = main.annotations.flatMap(({ message }) => message.match(ACTION) ?? [])
      // One PUT brings a layer and completes its upload: BuildKit shows only that it was refused.
      const completes = action === 'ecr:CompleteLayerUpload'
      const hidden = completes ? ['ecr:UploadLayerPart', action] : [action]
      const others = named.filter((name) => !hidden.includes(name))
      ends.push([action, main.exitCode, main.outputs['error-code'], named.includes(action), others])
    }
    expect(ends).toEqual(asked.map((action) => [action, 1, 'access-denied', true, []]))

    const main = await run(full)
    expect(main.annotations).toEqual([])
    expect(main.outputs).toMatchObject({ outcome: 'deployed', verified: 'true' })
  })

  it('G27 a push as BuildKit makes it is denied without any one action, by name', async () => {
    for (const action of pushActions) {
      expect(await push(without(minimal, action), action)).toBe(`${action} 403`)
    }
    expect(await push(minimal, 'nothing is missing')).toBe('ecr:PutImage 201')
  })

  it('G27 a release without one optional action is as green, and says once what is missing', async () => {
    await run(full)
    for (const action of followed) {
      const main = await run(without(full, action), forced)
      expect(main.outputs['outcome']).toBe('deployed')
      expect(warningsOf(main)).toEqual([expect.stringContaining(`the permission ${action} `)])
    }
    const main = await run(minimal, forced)
    expect([main.exitCode, main.outputs['outcome']]).toEqual([0, 'deployed'])
  })

  it('G27 a crash loop is never green, and told as fully as the reads that are left allow', async () => {
    await run(full)
    world.script({ 'web:3': crashing })
    const ends: unknown[] = []
    for (const action of ['none', 'logs:GetLogEvents', 'ecs:ListTasks', 'ecs:DescribeTasks']) {
      const main = await run(without(full, action), briefly)
      const lines = main.log.some((line) => line.includes('no database'))
      const named = warningsOf(main).flatMap((message) => message.match(ACTION) ?? [])
      ends.push([action, main.exitCode, main.outputs['outcome'], lines, named])
    }
    expect(ends).toEqual([
      ['none', 1, 'failed', true, []],
      ['logs:GetLogEvents', 1, 'failed', false, ['logs:GetLogEvents']],
      ['ecs:ListTasks', 1, 'timed-out', false, ['ecs:ListTasks']],
      ['ecs:DescribeTasks', 1, 'timed-out', false, ['ecs:DescribeTasks']],
    ])
  })

  it('lets in exactly the job that the trust policy names, in both forms of the subject', async () => {
    const { oidc } = world.simulator
    const ends: unknown[] = []
    for (const subjectFormat of ['name', 'immutable'] as const) {
      for (const trust of ['trust-policy', 'trust-policy-immutable']) {
        oidc.subjectFormat = subjectFormat
        const main = await run(full, built, trust)
        ends.push([subjectFormat, trust, main.outputs['outcome'], main.outputs['error-code']])
      }
    }
    expect(ends).toEqual([
      ['name', 'trust-policy', 'pushed', undefined],
      ['name', 'trust-policy-immutable', 'refused', 'role-not-assumable'],
      ['immutable', 'trust-policy', 'refused', 'role-not-assumable'],
      ['immutable', 'trust-policy-immutable', 'already-pushed', undefined],
    ])
    const ours = oidc.job
    for (const others of [{ ref: 'refs/heads/other' }, { environment: 'production' }]) {
      oidc.job = { ...ours, ...others }
      const other = await run(full, built, 'trust-policy-immutable')
      expect(other.outputs['error-code']).toBe('role-not-assumable')
    }
  })

  /** What the last request of a push needed, and how it was answered: the first refusal ends it. */
  async function push(policy: JsonObject, salt: string): Promise<string> {
    const trustPolicy = publishedTrust('trust-policy.json')
    const { iam, requests } = world.simulator
    const role = iam.addRole({ name: 'deployer', trustPolicy, policy })
    const { accessKeyId } = iam.openSession(role, { name: 'buildkit', durationSeconds: 900 })
    const client = RegistryClient.loggedIn(world.simulator, accessKeyId)
    const image = imageOf('linux/amd64', salt)
    for (const blob of image.blobs) {
      const asked = await client.request('HEAD', `/v2/team/web/blobs/${digestOf(blob)}`)
      if (asked.status === 403) break
      const { status } = await client.pushBlob('team/web', blob)
      if (status !== 201) break
    }
    const refused = requests.list('registry').some(({ status }) => status === 403)
    if (!refused) await client.putManifest('team/web', image, image.digest)
    const [last] = requests.list('registry').slice(-1)
    requests.clear()
    return `ecr:${last?.operation ?? ''} ${String(last?.status)}`
  }
})
