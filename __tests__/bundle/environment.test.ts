import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { ActionRun } from '../../simulator/github/runner/action-run.ts'
import { Job } from '../../simulator/github/runner/job.ts'
import { BundleWorld } from '../support/bundle-world.ts'
import { expectRed } from '../support/run-end.ts'

const root = join(import.meta.dirname, '..', '..')
const deploy = { mode: 'deploy', 'aws-region': 'us-east-1', cluster: 'main', service: 'web' }

describe('the bundle, with no variables but those of the runner', () => {
  let world: BundleWorld
  let directory: string
  beforeEach(async () => {
    world = await BundleWorld.create()
    world.simulator.requests.clear()
    directory = await mkdtemp(join(tmpdir(), 'steadyship-environment-test-'))
  })
  afterEach(async () => {
    await world.close()
    await rm(directory, { recursive: true })
  })

  async function run(
    inputs: Record<string, string>,
    environment: Record<string, string>,
  ): Promise<ActionRun> {
    const job = await Job.start({
      ...{ directory, workspace: directory, nodePath: process.execPath, environment },
      github: { repository: 'octo-org/octo-repo', sha: world.commit },
      event: { repository: { private: true } },
    })
    return await job.runAction({ actionDirectory: root, inputs })
  }

  it('says that there are no credentials, and how to give some', async () => {
    // The SDK would ask the network for an instance role; nothing in a test leaves the machine.
    const main = await run(deploy, { AWS_EC2_METADATA_DISABLED: 'true' })
    expectRed(main, 'refused', 'credentials-missing')
    expect(main.annotations[0]?.message).toContain('id-token: write')
    expect(world.asked()).toEqual([])
  })

  it('says that the job may not have an OIDC token, where a role is to be assumed', async () => {
    const role = 'arn:aws:iam::123456789012:role/deployer'
    const main = await run({ ...deploy, 'role-to-assume': role }, {})
    expectRed(main, 'refused', 'oidc-unavailable')
  })

  it.each<[string, (url: string) => Record<string, string>]>([
    ['AWS_ENDPOINT_URL', (url) => ({ AWS_ENDPOINT_URL: url })],
    [
      'the variables of each service',
      (url) => ({
        AWS_ENDPOINT_URL_STS: url,
        AWS_ENDPOINT_URL_ECS: url,
        AWS_ENDPOINT_URL_ECR: url,
        // What is not named must not be asked: nobody listens there.
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      }),
    ],
  ])('deploys with keys from inputs to the endpoint that %s names', async (_what, endpoints) => {
    const key = world.simulator.iam.addUser({ name: 'ci' })
    const keys = {
      'aws-access-key-id': key.accessKeyId,
      'aws-secret-access-key': key.secretAccessKey,
    }
    const main = await run(
      { ...deploy, ...keys, 'force-new-deployment': 'true' },
      { ...endpoints(world.simulator.url), ...world.virtualTime },
    )
    expect(main.annotations.filter(({ level }) => level === 'error')).toEqual([])
    expect(main.outputs).toMatchObject({ outcome: 'deployed', changed: 'true' })
    // The log's first lines, with the inputs, are the runner's own.
    const masks = main.commands.filter(({ name }) => name === 'add-mask')
    expect(masks.map(({ data }) => data)).toContain(key.secretAccessKey)
    const told = JSON.stringify([main.outputs, main.summary, main.state])
    expect(told).not.toContain(key.secretAccessKey)
  })
})
