import type { JsonObject } from '../../wire/service.ts'
import type { Commit, Comparison } from './commit-graph.ts'
import type { Deployment, DeploymentStatus, GitHubRepository } from './repository.ts'

/** GitHub lists at most so many commits of a comparison at once. */
const MOST_COMMITS = 250
const BOT = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' }

/** The API's address of a repository: `http://127.0.0.1:4566/github/repos/octo-org/octo-repo`. */
export type Links = (repository: GitHubRepository) => string

export function commitView(repository: GitHubRepository, commit: Commit, links: Links): JsonObject {
  const date = time(commit.committedAtMs)
  const person = { name: 'octocat', email: 'octocat@users.noreply.github.com', date }
  return {
    sha: commit.sha,
    commit: { author: person, committer: person, message: commit.message },
    url: `${links(repository)}/commits/${commit.sha}`,
    html_url: `https://github.com/${repository.name}/commit/${commit.sha}`,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${links(repository)}/commits/${sha}`,
      html_url: `https://github.com/${repository.name}/commit/${sha}`,
    })),
  }
}

export function comparisonView(
  repository: GitHubRepository,
  base: Commit,
  comparison: Comparison,
  links: Links,
): JsonObject {
  const { status, ahead, behindBy, mergeBase } = comparison
  const view = (commit: Commit): JsonObject => commitView(repository, commit, links)
  return {
    status,
    ahead_by: ahead.length,
    behind_by: behindBy,
    total_commits: ahead.length,
    base_commit: view(base),
    merge_base_commit: view(mergeBase),
    commits: ahead.slice(0, MOST_COMMITS).map(view),
  }
}

export function deploymentView(
  repository: GitHubRepository,
  deployment: Deployment,
  links: Links,
): JsonObject {
  const url = `${links(repository)}/deployments/${String(deployment.id)}`
  const changedAtMs = deployment.statuses.at(-1)?.createdAtMs ?? deployment.createdAtMs
  return {
    url,
    id: deployment.id,
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: BOT,
    created_at: time(deployment.createdAtMs),
    updated_at: time(changedAtMs),
    statuses_url: `${url}/statuses`,
    repository_url: links(repository),
    transient_environment: deployment.isTransient,
    production_environment: deployment.isProduction,
  }
}

export function statusView(
  repository: GitHubRepository,
  deployment: Deployment,
  status: DeploymentStatus,
  links: Links,
): JsonObject {
  const deploymentUrl = `${links(repository)}/deployments/${String(deployment.id)}`
  return {
    url: `${deploymentUrl}/statuses/${String(status.id)}`,
    id: status.id,
    state: status.state,
    creator: BOT,
    description: status.description,
    environment: status.environment,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    target_url: status.logUrl,
    created_at: time(status.createdAtMs),
    updated_at: time(status.createdAtMs),
    deployment_url: deploymentUrl,
    repository_url: links(repository),
  }
}

/** GitHub tells times in whole seconds. */
function time(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
