/** The `github` context: values by property name, as in `github.event_name`. */
export type GithubContext = Readonly<Record<string, string>>

/** The properties that the runner also gives as GITHUB_* variables. `token` is not one. */
const variableProperties = new Set([
  ...['action', 'action_path', 'action_ref', 'action_repository', 'actor', 'actor_id', 'api_url'],
  ...['base_ref', 'event_name', 'event_path', 'graphql_url', 'head_ref', 'job', 'ref', 'ref_name'],
  ...['ref_protected', 'ref_type', 'repository', 'repository_id', 'repository_owner'],
  ...['repository_owner_id', 'retention_days', 'run_attempt', 'run_id', 'run_number', 'server_url'],
  ...['sha', 'triggering_actor', 'workflow', 'workflow_ref', 'workflow_sha', 'workspace'],
])

/** What follows from the given values, or is the same in most runs; given values win. */
export function completeContext(given: GithubContext): GithubContext {
  const ref = given.ref ?? 'refs/heads/main'
  const repository = given.repository ?? 'octo-org/octo-repo'
  return {
    server_url: 'https://github.com',
    api_url: 'https://api.github.com',
    graphql_url: 'https://api.github.com/graphql',
    actor: 'octocat',
    triggering_actor: given.actor ?? 'octocat',
    repository,
    repository_owner: repository.split('/')[0] ?? '',
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: 'false',
    event_name: 'push',
    workflow: 'release',
    workflow_ref: `${repository}/.github/workflows/release.yml@${ref}`,
    workflow_sha: given.sha ?? '',
    job: 'release',
    run_id: '1',
    run_number: '1',
    run_attempt: '1',
    retention_days: '90',
    base_ref: '',
    head_ref: '',
    ...given,
  }
}

/** The GITHUB_* variables of a context. */
export function githubVariables(context: GithubContext): Record<string, string> {
  const shown = Object.entries(context).filter(([property]) => variableProperties.has(property))
  return Object.fromEntries(
    shown.map(([property, value]) => [`GITHUB_${property.toUpperCase()}`, value]),
  )
}

/** The `runner` context of a GitHub-hosted Linux machine. */
export function runnerContext(
  temporary: string,
  toolCache: string,
  workspace: string,
): Record<string, string> {
  return {
    os: 'Linux',
    arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
    name: 'GitHub Actions 1',
    environment: 'github-hosted',
    temp: temporary,
    tool_cache: toolCache,
    workspace,
  }
}
