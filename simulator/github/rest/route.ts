import type { Access, Permission } from './tokens.ts'

interface Place {
  /** `octo-org/octo-repo` */
  readonly repository: string
  readonly permission: Permission
  readonly access: Access
  /** The page of GitHub's documentation that an error points to. */
  readonly page: string
}

/** What a request to the REST API asks for. */
export type Route =
  | { readonly operation: 'Unknown' }
  | (Place & { readonly operation: 'GetCommit'; readonly ref: string })
  | (Place & { readonly operation: 'CompareCommits'; readonly base: string; readonly head: string })
  | (Place & { readonly operation: 'CreateDeployment' })
  | (Place & { readonly operation: 'CreateDeploymentStatus'; readonly id: number })

/** Every operation there is, for whoever names them. */
export const GITHUB_OPERATIONS = [
  'GetCommit',
  'CompareCommits',
  'CreateDeployment',
  'CreateDeploymentStatus',
] as const

const REPOSITORY = /^\/repos\/([^/]+\/[^/]+)\/(.+)$/
const contents = { permission: 'contents', access: 'read' } as const
const deployments = { permission: 'deployments', access: 'write' } as const

/** @param path Below the API's address: `/repos/octo-org/octo-repo/commits/main`. */
export function routeOf(method: string, path: string): Route {
  const [, repository = '', rest = ''] = REPOSITORY.exec(path) ?? []
  if (method === 'GET') return readRoute(repository, rest)
  if (method !== 'POST') return { operation: 'Unknown' }
  if (rest === 'deployments') {
    const page = 'deployments/deployments#create-a-deployment'
    return { operation: 'CreateDeployment', repository, ...deployments, page }
  }
  const [, id] = /^deployments\/(\d+)\/statuses$/.exec(rest) ?? []
  if (id === undefined) return { operation: 'Unknown' }
  const page = 'deployments/statuses#create-a-deployment-status'
  return { operation: 'CreateDeploymentStatus', repository, ...deployments, page, id: Number(id) }
}

function readRoute(repository: string, rest: string): Route {
  const [, ref] = /^commits\/(.+)$/.exec(rest) ?? []
  if (ref !== undefined) {
    const page = 'commits/commits#get-a-commit'
    return { operation: 'GetCommit', repository, ...contents, page, ref: decoded(ref) }
  }
  const [, base, head] = /^compare\/(.+?)\.\.\.(.+)$/.exec(rest) ?? []
  if (base === undefined || head === undefined) return { operation: 'Unknown' }
  const page = 'commits/commits#compare-two-commits'
  const operation = 'CompareCommits'
  return { operation, repository, ...contents, page, base: decoded(base), head: decoded(head) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    if (cause instanceof URIError) return text
    throw cause
  }
}
