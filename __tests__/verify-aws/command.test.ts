import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'

import { readTrace } from '../../simulator/traces/trace.ts'
import { objectsMember } from '../../simulator/wire/members.ts'
import {
  accountId,
  inTemporaryFolder,
  password,
  SimulatedAccount,
  target,
} from './simulated-account.ts'

// Nine runs of the action, in processes of their own.
jest.setTimeout(120_000)

const names = [
  ...['--role-arn', target.roleArn, '--region', target.region, '--repository', target.repository],
  ...['--cluster', target.cluster, '--service', target.service],
]
const yes = ['--yes-this-account', accountId]

let account: SimulatedAccount
beforeEach(async () => {
  account = await SimulatedAccount.open()
})
afterEach(async () => {
  await account.close()
})

const writes = () =>
  account.simulator.requests
    .list()
    .map(({ operation }) => operation)
    .filter((operation) => /^(?:Put|Register|Update|Create|Initiate)/.test(operation))

describe('npm run verify:aws', () => {
  it('plays the runs, finds that the account does as SPEC.md says, and keeps a redacted trace', async () => {
    await inTemporaryFolder(async (folder) => {
      const { exitCode, output, errors } = await account.verify([
        ...names,
        ...yes,
        '--record',
        folder,
      ])
      expect(errors).toBe('')
      expect(output).toContain('No rule of SPEC.md is contradicted.')
      expect(exitCode).toBe(0)
      const text = await readFile(join(folder, 'aws.trace'), 'utf8')
      const outcomes = readTrace(text).runs.map(({ name, outcome }) => `${name}: ${outcome}`)
      expect(outcomes.slice(0, 5)).toEqual([
        'first release: deployed',
        'same commit again: unchanged',
        'new commit: deployed',
        'broken commit: rolled-back',
        'redeploy: deployed',
      ])
      for (const secret of [accountId, password, 'vault-hello']) expect(text).not.toContain(secret)
      expect(await readFile(join(folder, 'report.txt'), 'utf8')).toContain('ECS-15')
    })
  })

  it('names the rule that the account contradicts, and fails', async () => {
    account.answerOtherwise('DescribeTasks', (answer) => {
      for (const task of objectsMember(answer, 'tasks') ?? []) delete task['stopCode']
      return answer
    })
    const { exitCode, output } = await account.verify([...names, ...yes])
    expect(output).toMatch(/Contradicted rules of SPEC\.md: ECS-21$/m)
    expect(output).toContain('✗ broken commit, ecs:DescribeTasks: lacks stopCode')
    expect(exitCode).toBe(1)
  })

  it('compares a trace that is there, and asks nobody', async () => {
    const file = join(import.meta.dirname, '..', 'traces', 'simulator.trace')
    account.simulator.requests.clear()
    const { exitCode } = await account.verify(['--compare', file])
    expect([exitCode, account.simulator.requests.list()]).toEqual([0, []])
  })
})

describe('npm run verify:aws refuses in one line, and writes nothing,', () => {
  it.each([
    ['without a name', names.slice(2), '--role-arn is missing; see --help'],
    [
      'without leave',
      names,
      `this writes to account ${accountId}: say so with --yes-this-account ${accountId}`,
    ],
    [
      'in another account than was named',
      [...names, '--yes-this-account', '999999999999'],
      `--yes-this-account is 999999999999, and the role belongs to account ${accountId}`,
    ],
    [
      'for a service that is not there',
      [...names, ...yes, '--service', 'wbe'],
      'service "wbe" is not there',
    ],
    [
      'for a repository that is not there',
      [...names, ...yes, '--repository', 'nope'],
      'repository "nope" can not be read: The repository with name \'nope\' does not exist',
    ],
    [
      'for a role that can not be assumed',
      [...names, ...yes, '--role-arn', `arn:aws:iam::${accountId}:role/nobody`],
      'role/nobody" can not be assumed: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    ],
    [
      'for a trace that is none',
      ['--compare', '/dev/null'],
      '/dev/null can not be read: Unexpected end',
    ],
  ])('%s', async (_when, argv, line) => {
    const { exitCode, errors } = await account.verify(argv)
    expect(errors).toContain(line)
    expect(errors.trim().split('\n')).toHaveLength(1)
    expect([exitCode, writes()]).toEqual([2, []])
  })

  it('for a service whose broken deployment would stay', async () => {
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: false, rollback: false } }
    await account.call('UpdateService', {
      cluster: 'demo',
      service: 'hello',
      deploymentConfiguration,
    })
    const { exitCode, errors } = await account.verify([...names, ...yes])
    expect(errors).toContain('has no circuit breaker with rollback')
    expect([exitCode, writes()]).toEqual([2, []])
  })

  it('without Docker', async () => {
    const { exitCode, errors } = await account.verify([...names, ...yes], { PATH: '/nonexistent' })
    expect(errors).toContain('Docker with buildx is missing')
    expect([exitCode, writes()]).toEqual([2, []])
  })
})
