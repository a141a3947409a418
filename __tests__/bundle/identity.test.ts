import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { ActionRun } from '../../simulator/github/runner/action-run.ts'
import { Job } from '../../simulator/github/runner/job.ts'
import { trustAccount } from '../../simulator/iam/trust-policy.ts'
import { BundleWorld, roleArn } from '../support/bundle-world.ts'
import { annotated, expectRed } from '../support/run-end.ts'

const root = join(import.meta.dirname, '..', '..')
const deploy = { mode: 'deploy', cluster: 'main', service: 'web', 'force-new-deployment': 'true' }
const chainedArn = 'arn:aws:iam::123456789012:role/chained'

describe('the bundle, becoming somebody', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await BundleWorld.create()
    world.simulator.requests.clear()
  })
  afterEach(() => world.close())

  function keyOf(name: string) {
    const { accessKeyId, secretAccessKey } = world.simulator.iam.addUser({ name })
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  }

  it('tells a trust policy that does not let the job in what the token says', async () => {
    world.simulator.oidc.subjectFormat = 'immutable'
    const { main } = await world.run(deploy)
    expectRed(main, 'refused', 'role-not-assumable')
    const [message] = annotated(main, 'error')
    expect(message).toContain('repo:octo-org@65/octo-repo@74:ref:refs/heads/main')
    expect(message).toContain('repo:octo-org/octo-repo:ref:refs/heads/main')
    expect(world.asked()).toEqual(['oidc:GetIdToken', 'sts:AssumeRoleWithWebIdentity'])
    expect(main.durationMs).toBeLessThan(5_000)
    expect(JSON.stringify([main.log, main.outputs, main.summary])).not.toMatch(/eyJ[\w-]{20}/)
  })

  it('does not go on asking for a token that GitHub refuses', async () => {
    const environment = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of another job' }
    const { main } = await world.run(deploy, { environment })
    expectRed(main, 'refused', 'oidc-unavailable')
    expect(annotated(main, 'error')[0]).toContain('id-token: write')
    expect(world.asked()).toEqual(['oidc:GetIdToken'])
  })

  it('deploys as a role that the credentials of the job assume, tagged', async () => {
    world.simulator.iam.addRole({ name: 'chained', trustPolicy: trustAccount('123456789012') })
    const inputs = { ...deploy, 'role-to-assume': chainedArn, 'role-chaining': 'true' }
    const { main } = await world.run(inputs, { environment: keyOf('runner') })
    expect(main.outputs).toMatchObject({ outcome: 'deployed' })
    const [request] = world.simulator.requests.list('sts', 'AssumeRole')
    expect(JSON.stringify(request?.input)).toContain('"Repository"')
    expect(world.asked()).not.toContain('oidc:GetIdToken')
  })

  it('deploys with the token of a file, and takes no link for one', async () => {
    const token = await world.simulator.oidc.issue('sts.amazonaws.com')
    const workspace = world.docker.path('workspace')
    await writeFile(join(workspace, 'token'), `${token}\n`)
    await symlink('token', join(workspace, 'link'))
    const linked = await world.run({ ...deploy, 'web-identity-token-file': 'link' })
    expectRed(linked.main, 'refused', 'file-unreadable')
    const { main } = await world.run({ ...deploy, 'web-identity-token-file': 'token' })
    expect(main.outputs).toMatchObject({ outcome: 'deployed' })
    expect(world.asked()).not.toContain('oidc:GetIdToken')
    expect(main.commands).toContainEqual(expect.objectContaining({ name: 'add-mask', data: token }))
  })

  it('refuses an account that is not allowed before anybody is asked', async () => {
    const { main } = await world.run({ ...deploy, 'allowed-account-ids': '210987654321' })
    expectRed(main, 'refused', 'invalid-inputs')
    expect(world.asked()).toEqual([])
  })

  it('refuses keys of an account that is not allowed, and hands none of them on', async () => {
    const { main } = await world.run(
      {
        ...deploy,
        ...{ 'role-to-assume': '', 'allowed-account-ids': '210987654321' },
        'output-env-credentials': 'true',
      },
      { environment: keyOf('runner') },
    )
    expectRed(main, 'refused', 'account-not-allowed')
    expect(world.asked()).toEqual(['sts:GetCallerIdentity'])
    expect(main.state).not.toHaveProperty('exported-variables')
  })

  it('masks the account id and warns of what GitHub will drop', async () => {
    const { main } = await world.run({ ...deploy, 'mask-aws-account-id': 'true' })
    expect(main.outputs).toMatchObject({ outcome: 'deployed' })
    expect(annotated(main, 'warning').join(' ')).toContain('mask-aws-account-id')
    const told = main.log.slice(main.log.indexOf('Authenticating')).join('\n')
    expect(told).not.toContain('123456789012')
  })

  describe('with output-env-credentials', () => {
    const inputs = { ...deploy, 'role-to-assume': roleArn, 'output-env-credentials': 'true' }

    function startJob(): Promise<Job> {
      return Job.start({
        directory: world.docker.path('temporary'),
        workspace: world.docker.path('workspace'),
        nodePath: process.execPath,
        github: { repository: 'octo-org/octo-repo', sha: world.commit },
        event: { repository: { private: true } },
        environment: {
          ...world.docker.environment,
          ...world.simulator.environment,
          ...world.virtualTime,
        },
      })
    }

    /** A later step that has nothing but what the job's variables give. */
    function laterStep(job: Job): Promise<ActionRun> {
      return job.runAction({ actionDirectory: root, inputs: deploy })
    }

    it('hands them to later steps, masked, until post clears them', async () => {
      const job = await startJob()
      const main = await job.runAction({ actionDirectory: root, inputs })
      expect(main.outputs).toMatchObject({ outcome: 'deployed' })
      const later = await laterStep(job)
      expect(later.outputs).toMatchObject({ outcome: 'deployed' })
      expect(later.log.join('\n')).toContain('assumed-role/deployer/GitHubActions')
      const post = await job.runPost(main)
      expect(post?.log.join('\n')).toContain('Cleared AWS_ACCESS_KEY_ID')
      expectRed(await laterStep(job), 'refused', 'credentials-missing')
    })

    it('clears nothing but its own variables where its state was forged', async () => {
      const job = await startJob()
      const main = await job.runAction({ actionDirectory: root, inputs: deploy })
      const state = { 'exported-variables': 'PATH,GITHUB_TOKEN' }
      const post = await job.runPost({ ...main, state })
      expect(post?.conclusion).toBe('success')
      expect(post?.log.join('\n')).not.toContain('Cleared')
    })
  })
})
