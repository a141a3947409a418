import { randomUUID } from 'node:crypto'

import { readBody, type Answer } from '../../wire/answer.ts'
import type { Dispatch } from '../../wire/dispatch.ts'
import type { HttpRequest } from '../../wire/http-request.ts'
import { isObject, parseJson } from '../../wire/json.ts'
import type { JsonObject } from '../../wire/service.ts'
import { createDeployment, createStatus } from './deployments.ts'
import { GitHubError } from './github-error.ts'
import { githubRequestId, type GitHub } from './github.ts'
import type { GitHubRepository } from './repository.ts'
import { routeOf, type Route } from './route.ts'
import { rateLimitHeaders, type Client } from './tokens.ts'
import { commitView, comparisonView, deploymentView, statusView, type Links } from './views.ts'

export const GITHUB_PATH = '/github'
const LIMIT_BYTES = 1024 * 1024

interface Result {
  readonly status: number
  readonly body: JsonObject
}

/** GitHub's REST API, as far as a deploy asks it. */
export class GitHubEndpoints {
  readonly path = GITHUB_PATH
  readonly #github: GitHub
  readonly #dispatch: Dispatch

  constructor(github: GitHub, dispatch: Dispatch) {
    this.#github = github
    this.#dispatch = dispatch
  }

  async answer(request: HttpRequest): Promise<Answer> {
    const { method, url, headers } = request
    const route = routeOf(method, url.pathname.slice(GITHUB_PATH.length))
    const input = await readInput(request)
    const links: Links = ({ name }) => `http://${headers['host'] ?? ''}${GITHUB_PATH}/repos/${name}`
    const subject = {
      requestId: randomUUID(),
      service: 'github',
      operation: route.operation,
      input: { path: url.pathname.slice(GITHUB_PATH.length), ...input },
    }
    return this.#dispatch(subject, () => {
      const client = this.#github.tokens.find(headers['authorization'])
      return Promise.resolve(
        this.#answerTo(client, () => this.#perform(route, client, input, links)),
      )
    })
  }

  #answerTo(client: Client | undefined, perform: () => Result): Answer {
    try {
      if (client === undefined) throw new GitHubError(401, 'Bad credentials')
      if (!this.#github.tokens.count(client)) throw new GitHubError(403, 'API rate limit exceeded')
      const { status, body } = perform()
      return toAnswer(status, body, client)
    } catch (cause) {
      if (!(cause instanceof GitHubError)) throw cause
      const { status, message, documentationUrl, members } = cause
      const body = { message, ...members, documentation_url: documentationUrl }
      const errorCode = message
      return { ...toAnswer(status, { ...body, status: String(status) }, client), errorCode }
    }
  }

  #perform(
    route: Route,
    client: Client | undefined,
    input: JsonObject | undefined,
    links: Links,
  ): Result {
    if (route.operation === 'Unknown') throw new GitHubError(404, 'Not Found')
    const repository = this.#repository(route, client)
    const nowMs = this.#github.clock.now()
    switch (route.operation) {
      case 'GetCommit':
        return getCommit(repository, route.ref, links)
      case 'CompareCommits':
        return compareCommits(repository, route, links)
      case 'CreateDeployment': {
        const created = createDeployment(repository, parsed(input), nowMs)
        if (created.kind === 'merged') return { status: 202, body: { message: created.message } }
        return { status: 201, body: deploymentView(repository, created.deployment, links) }
      }
      case 'CreateDeploymentStatus': {
        const deployment = repository.deployments.find(({ id }) => id === route.id)
        if (deployment === undefined) throw new GitHubError(404, 'Not Found', route.page)
        const status = createStatus(repository, deployment, parsed(input), nowMs)
        return { status: 201, body: statusView(repository, deployment, status, links) }
      }
    }
  }

  /** What a client may not see is not there; what it may see and not change is forbidden. */
  #repository(
    { repository: name, permission, access, page }: Exclude<Route, { operation: 'Unknown' }>,
    client: Client | undefined,
  ): GitHubRepository {
    const repository = this.#github.find(name)
    const permissions = client?.permissions
    if (repository === undefined || (repository.isPrivate && permissions === undefined)) {
      throw new GitHubError(404, 'Not Found', page)
    }
    const held = permissions?.[permission] ?? 'none'
    if (held === 'write' || held === access) return repository
    if (access === 'read' && !repository.isPrivate) return repository
    if (permissions === undefined) throw new GitHubError(401, 'Requires authentication', page)
    throw new GitHubError(403, 'Resource not accessible by integration', page)
  }
}

function getCommit(repository: GitHubRepository, ref: string, links: Links): Result {
  const commit = repository.commits.resolve(ref)
  if (commit !== undefined) return { status: 200, body: commitView(repository, commit, links) }
  throw new GitHubError(422, `No commit found for SHA: ${ref}`, 'commits/commits#get-a-commit')
}

function compareCommits(
  repository: GitHubRepository,
  { base, head, page }: Extract<Route, { operation: 'CompareCommits' }>,
  links: Links,
): Result {
  const from = repository.commits.resolve(base)
  const to = repository.commits.resolve(head)
  if (from === undefined || to === undefined) throw new GitHubError(404, 'Not Found', page)
  const comparison = repository.commits.compare(from, to)
  if (comparison === undefined) {
    throw new GitHubError(404, `No common ancestor between ${base} and ${head}.`, page)
  }
  return { status: 200, body: comparisonView(repository, from, comparison, links) }
}

/** The body as JSON; undefined when it is no object. */
async function readInput({ method, body }: HttpRequest): Promise<JsonObject | undefined> {
  const text = (await readBody(body, LIMIT_BYTES)).toString('utf8')
  if (method === 'GET' || text === '') return {}
  try {
    const value = parseJson(text)
    return isObject(value) ? value : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

function parsed(input: JsonObject | undefined): JsonObject {
  if (input === undefined) throw new GitHubError(400, 'Problems parsing JSON')
  return input
}

function toAnswer(status: number, body: JsonObject, client: Client | undefined): Answer {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-github-request-id': githubRequestId(),
    ...(client !== undefined && rateLimitHeaders(client)),
  }
  return { status, headers, body: JSON.stringify(body) }
}
