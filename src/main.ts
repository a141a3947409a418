import { createAws, type AwsDependencies } from './adapters/aws/session.ts'
import { createDockerCredentials } from './adapters/docker/configuration.ts'
import { createFiles } from './adapters/files/files.ts'
import { readTokenFile } from './adapters/files/token-file.ts'
import {
  readInputValues,
  readMetadataVariables,
  readRunContext,
} from './adapters/github/context.ts'
import { exportCredentials } from './adapters/github/later-steps.ts'
import { mintOidcToken } from './adapters/github/oidc.ts'
import { postState } from './adapters/github/post-state.ts'
import { GitHubReport } from './adapters/github/report.ts'
import { createGitHub } from './adapters/github/rest.ts'
import { createProcesses } from './adapters/process/processes.ts'
import { systemClock } from './adapters/system/clock.ts'
import { describeUnusedProxy } from './adapters/system/proxy.ts'
import { abortOnSignals } from './adapters/system/signals.ts'
import { toActionError, type ActionError } from './core/errors/action-error.ts'
import { sessionTags } from './core/identity/session-tags.ts'
import { parseInputs, type ParsedInputs } from './core/inputs/parse-inputs.ts'
import { exitCodeOf, type RunEnd } from './core/report/run-end.ts'
import type { RunContext } from './core/run-context.ts'
import { runPipeline } from './pipeline.ts'
import type { Files } from './ports/files.ts'
import type { Ports } from './ports/ports.ts'

/** After a signal the runner kills us in 7.5 s: what has not ended by then is left behind. */
const graceMs = 3_500

/** The action: reads the job's environment, runs the pipeline, tells how it ended. */
export async function run(): Promise<void> {
  const report = new GitHubReport(systemClock)
  const signal = abortOnSignals()
  let summary = true
  let end: RunEnd
  try {
    const parsed = readInputs(report)
    summary = parsed.inputs.summary
    const pipeline = runPipeline(parsed, createPorts(report, signal, parsed.inputs.githubToken))
    end = await Promise.race([pipeline, cutShort(signal, report)])
  } catch (error) {
    end = endedBy(toActionError(error), report)
  }
  const written = await report.finish(end, { summary })
  // Sockets that AWS keeps open, or a call that a signal cut short, must not hold the process.
  process.exit(written ? exitCodeOf(end) : 1)
}

/** The end of a run that an error ended: before anything was built or written it is `refused`. */
function endedBy(error: ActionError, { begun, facts }: GitHubReport): RunEnd {
  const outcome = error.code === 'cancelled' ? 'cancelled' : begun ? 'failed' : 'refused'
  return { outcome, changed: facts.updated === true, verified: false, error }
}

function readInputs(report: GitHubReport): ParsedInputs {
  const region = process.env['AWS_REGION'] || process.env['AWS_DEFAULT_REGION'] || undefined
  const metadataVariables = readMetadataVariables(process.env)
  const parsed = parseInputs(readInputValues(process.env), { region, metadataVariables })
  for (const notice of parsed.notices) report.notice(notice)
  for (const warning of parsed.warnings) report.warning(warning)
  const proxy = describeUnusedProxy(process.env, process.versions.node)
  if (proxy !== undefined) report.warning(proxy)
  return parsed
}

function createPorts(report: GitHubReport, signal: AbortSignal, token: string | undefined): Ports {
  const context = readRunContext(process.env)
  const apiUrl = process.env['GITHUB_API_URL'] || 'https://api.github.com'
  if (token !== undefined) report.mask(token)
  const files = createFiles(context.temporaryDirectory)
  return {
    context,
    aws: createAws(awsDependencies(report, context, files)),
    clock: systemClock,
    dockerCredentials: createDockerCredentials(process.env, context.temporaryDirectory, postState),
    files,
    github: createGitHub({ apiUrl, repository: context.repository, token }),
    postState,
    processes: createProcesses(process.env),
    report,
    signal,
  }
}

function awsDependencies(
  report: GitHubReport,
  { workspace }: RunContext,
  files: Files,
): AwsDependencies {
  return {
    mintToken: mintOidcToken,
    readToken: (path) => readTokenFile(path, { workspace, files }),
    sessionTags: sessionTags(process.env),
    mask: (secret) => report.mask(secret),
    warn: (text) => report.warning(text),
    clock: systemClock,
    exportCredentials,
  }
}

/** {@link graceMs} after a signal: the end of a run whose pipeline waits for something longer. */
async function cutShort(signal: AbortSignal, report: GitHubReport): Promise<RunEnd> {
  await new Promise((resolve) => {
    signal.addEventListener('abort', () => setTimeout(resolve, graceMs))
  })
  return endedBy(toActionError(signal.reason), report)
}
