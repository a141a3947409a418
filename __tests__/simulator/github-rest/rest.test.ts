import { createHash } from 'node:crypto'

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { GitHubRepository } from '../../../simulator/github/rest/repository.ts'
import { openAccount, type Account } from '../account.ts'

let account: Account
let repository: GitHubRepository
beforeEach(async () => {
  account = await openAccount()
  repository = account.simulator.github.addRepository({ name: 'octo-org/octo-repo' })
  // main: a - b - c - e, where e merges side: b - d; other: z, without an ancestor in common
  commit('a')
  commit('b', 'a')
  commit('c', 'b')
  commit('d', 'b')
  commit('e', 'c', 'd')
  commit('z')
  repository.commits.point('heads/main', sha('e'))
  repository.commits.point('heads/feature/side', sha('d'))
  repository.commits.point('tags/v1.0.0', sha('b'))
})
afterEach(() => account.simulator.close())

const sha = (name: string): string => createHash('sha1').update(name).digest('hex')

function commit(name: string, ...parents: readonly string[]): void {
  const committedAtMs = account.clock.now()
  repository.commits.add({
    sha: sha(name),
    parents: parents.map(sha),
    message: name,
    committedAtMs,
  })
}

interface Told {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

async function ask(
  path: string,
  {
    method = 'GET',
    body,
    token = account.simulator.github.token,
  }: {
    readonly method?: string
    readonly body?: unknown
    readonly token?: string
  } = {},
): Promise<Told> {
  const url = `${account.simulator.environment['GITHUB_API_URL'] ?? ''}/repos/octo-org/octo-repo/${path}`
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` }
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
  const answer = await fetch(url, init)
  const told: unknown = await answer.json()
  return { status: answer.status, headers: answer.headers, body: told as Told['body'] }
}

const post = (path: string, body: unknown, token?: string): Promise<Told> =>
  ask(path, { method: 'POST', body, ...(token !== undefined && { token }) })

describe('GET commits/{ref}', () => {
  it.each([
    ['main', 'e'],
    ['heads/main', 'e'],
    ['refs/tags/v1.0.0', 'b'],
    ['feature%2Fside', 'd'],
    ['feature/side', 'd'],
    [sha('a'), 'a'],
    [sha('a').slice(0, 7), 'a'],
  ])('GITHUB-1 finds %s', async (ref, name) => {
    const { status, body } = await ask(`commits/${ref}`)
    expect([status, body['sha']]).toEqual([200, sha(name)])
  })

  it('GITHUB-1 tells message, time and parents', async () => {
    expect((await ask('commits/main')).body).toMatchObject({
      commit: { message: 'e', committer: { date: '2026-01-01T00:00:00Z' } },
      parents: [{ sha: sha('c') }, { sha: sha('d') }],
    })
  })

  it('GITHUB-1 says 422 to a ref that names no commit', async () => {
    const { status, body } = await ask('commits/nothing')
    expect([status, body]).toEqual([
      422,
      {
        message: 'No commit found for SHA: nothing',
        documentation_url: 'https://docs.github.com/rest/commits/commits#get-a-commit',
        status: '422',
      },
    ])
  })
})

describe('GET compare/{base}...{head}', () => {
  it.each([
    ['main', 'main', 'identical', [], 0, 'e'],
    ['v1.0.0', 'main', 'ahead', ['d', 'c', 'e'], 0, 'b'],
    ['main', 'v1.0.0', 'behind', [], 3, 'b'],
    [sha('c'), 'feature/side', 'diverged', ['d'], 1, 'b'],
  ])('GITHUB-2 %s...%s is %s', async (base, head, status, ahead, behindBy, mergeBase) => {
    const { body } = await ask(`compare/${base}...${head}`)
    expect(body).toMatchObject({
      status,
      ahead_by: ahead.length,
      behind_by: behindBy,
      total_commits: ahead.length,
      merge_base_commit: { sha: sha(mergeBase) },
    })
    const commits = body['commits'] as readonly { readonly sha: string }[]
    expect(new Set(commits.map((each) => each.sha))).toEqual(new Set(ahead.map(sha)))
    expect(commits.at(-1)?.sha).toBe(ahead.length === 0 ? undefined : sha(ahead.at(-1) ?? ''))
  })

  it('GITHUB-2 says 404 to what it cannot compare', async () => {
    expect(await ask('compare/main...nothing')).toMatchObject({
      status: 404,
      body: { message: 'Not Found' },
    })
    expect(await ask(`compare/main...${sha('z')}`)).toMatchObject({
      status: 404,
      body: { message: `No common ancestor between main and ${sha('z')}.` },
    })
  })
})

describe('POST deployments', () => {
  it('GITHUB-3 makes a deployment of the commit that the ref names', async () => {
    const { status, body } = await post('deployments', { ref: 'main', environment: 'staging' })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      id: 1,
      sha: sha('e'),
      ref: 'main',
      task: 'deploy',
      environment: 'staging',
      production_environment: false,
    })
    expect(repository.deployments).toMatchObject([{ id: 1, sha: sha('e'), statuses: [] }])
  })

  it('GITHUB-3 merges the default branch into a branch behind it, unless told not to', async () => {
    const merged = await post('deployments', { ref: 'feature/side' })
    expect([merged.status, merged.body]).toEqual([
      202,
      { message: 'Auto-merged main into feature/side on deployment.' },
    ])
    expect((await ask('compare/main...feature/side')).body).toMatchObject({ status: 'ahead' })
    expect((await post('deployments', { ref: 'feature/side' })).status).toBe(201)
    const older = { ref: 'v1.0.0', auto_merge: false }
    expect((await post('deployments', older)).status).toBe(201)
  })

  it.each([
    [{}, 'Validation Failed'],
    [{ ref: 'nothing' }, 'No ref found for: nothing'],
    [{ ref: 'main', description: 5 }, 'Validation Failed'],
  ])('GITHUB-3 says 422 to %j', async (body, message) => {
    expect(await post('deployments', body)).toMatchObject({ status: 422, body: { message } })
    expect(repository.deployments).toEqual([])
  })
})

describe('POST deployments/{id}/statuses', () => {
  beforeEach(async () => {
    await post('deployments', { ref: 'main', environment: 'staging' })
  })

  it('GITHUB-4 notes a status', async () => {
    const { status, body } = await post('deployments/1/statuses', {
      state: 'in_progress',
      environment_url: 'https://staging.example.com',
      log_url: 'https://example.com/log',
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      state: 'in_progress',
      environment: 'staging',
      environment_url: 'https://staging.example.com',
      log_url: 'https://example.com/log',
      target_url: 'https://example.com/log',
    })
  })

  it('GITHUB-4 makes earlier deployments of the environment inactive when one succeeds', async () => {
    await post('deployments/1/statuses', { state: 'success' })
    await post('deployments', { ref: 'main', environment: 'staging' })
    await post('deployments', { ref: 'main', environment: 'qa' })
    await post('deployments/3/statuses', { state: 'success' })
    await post('deployments/2/statuses', { state: 'success', auto_inactive: false })
    const states = (): readonly (readonly string[])[] =>
      repository.deployments.map(({ statuses }) => statuses.map(({ state }) => state))
    expect(states()).toEqual([['success'], ['success'], ['success']])
    await post('deployments/2/statuses', { state: 'success' })
    expect(states()).toEqual([['success', 'inactive'], ['success', 'success'], ['success']])
  })

  it.each([[{}], [{ state: 'done' }], [{ state: 'success', description: 'x'.repeat(141) }]])(
    'GITHUB-4 says 422 to %j',
    async (body) => {
      const { status, body: told } = await post('deployments/1/statuses', body)
      expect([status, told['message']]).toEqual([422, 'Validation Failed'])
    },
  )

  it('GITHUB-4 says 404 to a deployment that is not there', async () => {
    expect(await post('deployments/9/statuses', { state: 'success' })).toMatchObject({
      status: 404,
      body: { message: 'Not Found' },
    })
  })
})

describe('tokens', () => {
  it('GITHUB-5 one that was never issued is refused', async () => {
    expect(await ask('commits/main', { token: 'ghs_nobody' })).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest' },
    })
  })

  it('GITHUB-5 a private repository is not there without one', async () => {
    expect(await ask('commits/main', { token: '' })).toMatchObject({
      status: 404,
      body: { message: 'Not Found' },
    })
  })

  it('GITHUB-5 a public repository can be read without one, not written', async () => {
    const open = account.simulator.github.addRepository({
      name: 'octo-org/octo-repo',
      isPrivate: false,
    })
    open.commits.add({ sha: sha('a'), parents: [], message: 'a', committedAtMs: 0 })
    expect((await ask(`commits/${sha('a')}`, { token: '' })).status).toBe(200)
    expect(await post('deployments', { ref: sha('a') }, '')).toMatchObject({
      status: 401,
      body: { message: 'Requires authentication' },
    })
  })

  it('GITHUB-5 one may do what its permissions say', async () => {
    const token = account.simulator.github.tokens.issue({ permissions: { contents: 'read' } })
    expect((await ask('commits/main', { token })).status).toBe(200)
    expect(await post('deployments', { ref: 'main' }, token)).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    })
  })

  it('GITHUB-6 has so many requests an hour, and every answer tells how many are left', async () => {
    const token = account.simulator.github.tokens.issue({ limitPerHour: 2 })
    const left = async (): Promise<unknown> => {
      const { status, headers } = await ask('commits/main', { token })
      return [status, headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset')]
    }
    const reset = String(account.clock.now() / 1000 + 3600)
    expect([await left(), await left()]).toEqual([
      [200, '1', reset],
      [200, '0', reset],
    ])
    const { status, body } = await ask('commits/main', { token })
    expect([status, body['message']]).toEqual([403, 'API rate limit exceeded'])
    account.clock.advance(3_600_000)
    expect(await left()).toEqual([200, '1', String(account.clock.now() / 1000 + 3600)])
  })

  it('GITHUB-7 is never in the request log, what was asked is', async () => {
    await post('deployments', { ref: 'main' })
    const logged = account.simulator.requests.list('github')
    expect(logged).toMatchObject([
      { operation: 'CreateDeployment', input: { ref: 'main' }, status: 201 },
    ])
    expect(JSON.stringify(logged)).not.toContain(account.simulator.github.token)
  })

  it('GITHUB-7 leaves no path unanswered', async () => {
    expect((await ask('pulls')).status).toBe(404)
    const broken = await fetch(
      `${account.simulator.url}/github/repos/octo-org/octo-repo/deployments`,
      {
        method: 'POST',
        headers: { authorization: `token ${account.simulator.github.token}` },
        body: '{',
      },
    )
    expect([broken.status, await broken.json()]).toMatchObject([
      400,
      { message: 'Problems parsing JSON' },
    ])
  })
})
