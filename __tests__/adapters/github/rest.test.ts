import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { startSimulator, type Simulator } from '../../../simulator/simulator.ts'
import { createGitHub } from '../../../src/adapters/github/rest.ts'
import { GitHubFailure } from '../../../src/core/errors/github-failure.ts'
import { addShop, commits, gitHubOf } from '../../support/github-world.ts'
import { noGitHub } from '../../support/no-github.ts'
import { commit } from '../../support/run-context.ts'

let simulator: Simulator
beforeEach(async () => {
  simulator = await startSimulator()
})
afterEach(() => simulator.close())

const asked = () => simulator.requests.list('github').map(({ operation }) => operation)

async function failureOf(call: Promise<unknown>): Promise<GitHubFailure> {
  const error: unknown = await call.catch((cause: unknown) => cause)
  if (error instanceof GitHubFailure) return error
  throw new Error('it did not fail as GitHub does', { cause: error })
}

describe('commits', () => {
  beforeEach(() => void addShop(simulator))

  it.each([
    [commit, commit, 'identical'],
    [commit, commits.newer, 'ahead'],
    [commit, commits.older, 'behind'],
    [commit, commits.diverged, 'diverged'],
  ])('from %s to %s are %s', async (base, head, relation) => {
    expect(await gitHubOf(simulator).compareCommits(base, head)).toBe(relation)
  })

  it.each([
    [commit.slice(0, 7), commit],
    [commits.newer.slice(0, 12), commits.newer],
    ['fffffff', undefined],
    [commits.older.slice(0, 7), undefined],
  ])('that %s means are found: %s', async (prefix, found) => {
    expect(await gitHubOf(simulator).resolveCommit(prefix)).toBe(found)
  })

  it('are not what a branch of that name points to', async () => {
    simulator.github.find('octo/shop')?.commits.point('heads/abc1234', commit)
    expect(await gitHubOf(simulator).resolveCommit('abc1234')).toBeUndefined()
  })

  it('outlive one fault of GitHub', async () => {
    simulator.faults.add([{ call: 'github:CompareCommits', first: 1, status: 502, error: 'Bad' }])
    expect(await gitHubOf(simulator).compareCommits(commit, commits.newer)).toBe('ahead')
    expect(asked()).toEqual(['CompareCommits', 'CompareCommits'])
  })

  it.each([
    ['without the permission', { deployments: 'write' }, { status: 403, denied: true }],
    ['with a repository that is not there', undefined, { status: 404, denied: false }],
  ] as const)('%s are told as refused', async (_what, permissions, expected) => {
    const token = simulator.github.tokens.issue(permissions && { permissions })
    const repository = permissions === undefined ? 'octo/other' : 'octo/shop'
    const github = createGitHub({ apiUrl: `${simulator.url}/github`, repository, token })
    expect(await failureOf(github.compareCommits(commit, commits.newer))).toMatchObject(expected)
    expect(asked()).toHaveLength(1)
  })

  it('with a used-up token are told as throttled, and not as forbidden', async () => {
    const token = simulator.github.tokens.issue({ limitPerHour: 0 })
    const settings = { apiUrl: `${simulator.url}/github`, repository: 'octo/shop', token }
    const failure = await failureOf(createGitHub(settings).resolveCommit('abcdef0'))
    expect(failure).toMatchObject({ throttled: true, denied: false })
  })
})

describe('deployments', () => {
  it('are created as they are asked for, and get their statuses', async () => {
    const { deployments } = addShop(simulator)
    const github = gitHubOf(simulator)
    const id = await github.createDeployment({ commit, environment: 'staging' })
    const status = {
      ...({ state: 'success', description: 'deployed', logUrl: 'https://github.com/run' } as const),
      environmentUrl: 'https://shop.example.com',
    }
    await github.setDeploymentStatus(id, status)
    expect(deployments).toMatchObject([{ id, sha: commit, ref: commit, environment: 'staging' }])
    expect(deployments[0]?.statuses).toMatchObject([status])
    const [request] = simulator.requests.list('github', 'CreateDeployment')
    expect(request?.input).toMatchObject({ auto_merge: false, required_contexts: [] })
  })

  it('are announced once, whatever became of the answer', async () => {
    const { deployments } = addShop(simulator)
    simulator.faults.add([{ call: 'github:CreateDeployment', first: 1, reset: 'after' }])
    const failure = await failureOf(
      gitHubOf(simulator).createDeployment({ commit, environment: 'staging' }),
    )
    expect(failure.status).toBeUndefined()
    expect(deployments).toHaveLength(1)
  })
})

describe('without a token', () => {
  it('nobody is asked, and that is why', async () => {
    const failure = await failureOf(noGitHub.resolveCommit('abcdef0'))
    expect(failure.message).toContain('`github-token` is empty')
  })
})
