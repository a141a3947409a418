import { GitHubFailure } from '../../core/errors/github-failure.ts'
import { commitRelations } from '../../core/guards/newer-commit.ts'
import type { GitHub } from '../../ports/github.ts'

/** One call; nothing that a deploy needs waits for it. */
const limitMs = 5_000

/** Whom to ask about which repository. */
interface GitHubSettings {
  /** `https://api.github.com`, or the API of an Enterprise Server. */
  readonly apiUrl: string
  /** `owner/name` */
  readonly repository: string
  /** Undefined: nothing can be asked. */
  readonly token: string | undefined
}

type Octokit = Awaited<ReturnType<typeof loadOctokit>>

/** GitHub's REST API. The client is loaded with the first call, as most runs make none. */
export function createGitHub(settings: GitHubSettings): GitHub {
  let loading: Promise<Octokit> | undefined
  const ask = <T>(operation: string, call: (octokit: Octokit) => Promise<T>): Promise<T> =>
    explained(operation, async () => call(await (loading ??= loadOctokit(settings))))
  const [owner = '', repo = ''] = settings.repository.split('/')
  const place = { owner, repo }
  return { ...commitsOf(place, ask), ...deploymentsOf(place, ask) }
}

interface Place {
  readonly owner: string
  readonly repo: string
}
type Ask = <T>(operation: string, call: (octokit: Octokit) => Promise<T>) => Promise<T>

function commitsOf(place: Place, ask: Ask): Pick<GitHub, 'compareCommits' | 'resolveCommit'> {
  return {
    compareCommits: (base, head) =>
      repeated(() =>
        ask('compare commits', async (octokit) => {
          // The commits between the two are not needed.
          const page = { per_page: 1, ...limited() }
          const route = 'GET /repos/{owner}/{repo}/compare/{basehead}'
          const { data } = await octokit.request(route, {
            ...{ ...place, basehead: `${base}...${head}` },
            ...page,
          })
          const relation = commitRelations.find((each) => each === data.status)
          if (relation === undefined) throw new TypeError('the answer holds no status')
          return relation
        }),
      ),
    resolveCommit: (prefix) =>
      repeated(() =>
        ask('resolve a commit', async (octokit) => {
          const route = 'GET /repos/{owner}/{repo}/commits/{ref}'
          const { data } = await octokit.request(route, { ...place, ref: prefix, ...limited() })
          // A branch or tag of this name would win; what it names does not begin so.
          return data.sha.startsWith(prefix) ? data.sha : undefined
        }),
      ).catch((error: unknown) => {
        // 422: no commit begins so, or more than one.
        if (error instanceof GitHubFailure && error.status === 422) return undefined
        throw error
      }),
  }
}

function deploymentsOf(
  place: Place,
  ask: Ask,
): Pick<GitHub, 'createDeployment' | 'setDeploymentStatus'> {
  return {
    // Sent once: sent again after a lost answer it would announce two.
    createDeployment: ({ commit, environment }) =>
      ask('create a deployment', async (octokit) => {
        const { data } = await octokit.request('POST /repos/{owner}/{repo}/deployments', {
          ...{ ...place, ref: commit, environment, auto_merge: false, required_contexts: [] },
          ...limited(),
        })
        if ('id' in data) return Number(data.id)
        throw new TypeError('the answer holds no deployment')
      }),
    setDeploymentStatus: (id, { state, description, logUrl, environmentUrl }) =>
      repeated(() =>
        ask('set the status of a deployment', async (octokit) => {
          const route = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses'
          await octokit.request(route, {
            ...{ ...place, deployment_id: id, state, description, log_url: logUrl },
            ...(environmentUrl !== undefined && { environment_url: environmentUrl }),
            ...limited(),
          })
        }),
      ),
  }
}

/** @throws Error where there is no token. */
async function loadOctokit({ apiUrl, token }: GitHubSettings) {
  if (token === undefined) throw new Error('`github-token` is empty')
  const { getOctokit } = await import('@actions/github')
  return getOctokit(token, { baseUrl: apiUrl, log })
}

// What the client would print, this action says itself, or need not say.
const silent = () => undefined
const log = { debug: silent, info: silent, warn: silent, error: silent }

/** The options of one call: those of the client, its proxy among them, stay in force beside. */
function limited() {
  return { request: { signal: AbortSignal.timeout(limitMs), log } }
}

/** Once more where GitHub may do better; for what may be asked twice. */
async function repeated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof GitHubFailure) || !error.transient) throw error
    return await call()
  }
}

async function explained<T>(operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof GitHubFailure) throw error
    throw toFailure(operation, error)
  }
}

function toFailure(operation: string, error: unknown): GitHubFailure {
  const message = error instanceof Error ? error.message : String(error)
  const line = message.replaceAll(/\s+/g, ' ').trim()
  return new GitHubFailure({ operation, message: line, status: statusIn(error) }, { cause: error })
}

/** The client says 500 where no answer came at all, too. */
function statusIn(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const answered = 'response' in error && error.response !== undefined
  return answered && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined
}
