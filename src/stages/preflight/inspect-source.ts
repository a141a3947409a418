import { isSurelyIgnored } from '../../core/buildx/ignore-file.ts'
import { parseStatus, type GitFacts, type SourceFacts } from '../../core/buildx/source.ts'
import { ActionError } from '../../core/errors/action-error.ts'
import { commitOf } from '../../core/image/naming/tag-rules/tag-facts.ts'
import { isRemoteContext, writeOutContext } from '../../core/inputs/build/context.ts'
import type { BuildInputs } from '../../core/inputs/inputs.ts'
import { pathIn } from '../../core/path-in.ts'
import type { RunContext } from '../../core/run-context.ts'
import type { Ports } from '../../ports/ports.ts'

const maxBytes = 1024 * 1024

/** Where the build takes its files from. */
export interface SourceInputs extends Pick<BuildInputs, 'context' | 'file'> {
  /** The Dockerfile itself, where it is in no file. */
  readonly inline?: string | undefined
}

/**
 * Reads the Dockerfile and what git knows of the context; of a remote one nothing.
 * @throws ActionError `invalid-inputs` where the Dockerfile cannot be read.
 */
export async function inspectSource(inputs: SourceInputs, ports: Ports): Promise<SourceFacts> {
  const source = await readSource(inputs, ports)
  if (source.git !== undefined) warnOfOtherCommit(source.git.head, ports)
  return source
}

/** As {@link inspectSource}, and without a word of which commit is checked out. */
export async function readSource(inputs: SourceInputs, ports: Ports): Promise<SourceFacts> {
  if (isRemoteContext(inputs.context)) return remoteSource(inputs, ports.context)
  const { workspace } = ports.context
  const contextDirectory = pathIn(workspace, inputs.context)
  const dockerfile =
    inputs.file === undefined
      ? pathIn(contextDirectory, 'Dockerfile')
      : pathIn(workspace, inputs.file)
  const [dockerfileText, ignoreFileText] = await Promise.all([
    inputs.inline ?? ports.files.readText(dockerfile, maxBytes),
    readIgnoreFile(dockerfile, contextDirectory, ports),
  ])
  const git = await askGit(contextDirectory, ignoreFileText, ports)
  return { contextDirectory, dockerfile, dockerfileText, ignoreFileText, git }
}

/** BuildKit fetches it; what it holds is seen by nobody before. */
function remoteSource({ context, file }: SourceInputs, run: RunContext): SourceFacts {
  return {
    contextDirectory: writeOutContext(context, run, commitOf(run)),
    dockerfile: file ?? 'Dockerfile',
    dockerfileText: undefined,
    ignoreFileText: undefined,
    git: undefined,
  }
}

/** The one named after the Dockerfile wins over the context's (docs.docker.com, dockerignore files). */
async function readIgnoreFile(
  dockerfile: string,
  contextDirectory: string,
  ports: Ports,
): Promise<string | undefined> {
  for (const path of [`${dockerfile}.dockerignore`, pathIn(contextDirectory, '.dockerignore')]) {
    if (await ports.files.exists(path)) return await ports.files.readText(path, maxBytes)
  }
  return undefined
}

async function askGit(
  directory: string,
  ignoreFile: string | undefined,
  ports: Ports,
): Promise<GitFacts | undefined> {
  const [head, time, status] = await Promise.all([
    git(directory, ['rev-parse', 'HEAD', 'HEAD:./', '--show-prefix'], ports),
    git(directory, ['show', '--no-patch', '--format=%cI', 'HEAD'], ports),
    git(
      directory,
      ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--ignored=matching', '--', '.'],
      ports,
    ),
  ])
  if (head === undefined || time === undefined || status === undefined) return undefined
  const [commit = '', tree = '', prefix = ''] = head.split('\n')
  const uncommitted = parseStatus(status, prefix).filter(
    (path) => ignoreFile === undefined || !isSurelyIgnored(path, ignoreFile),
  )
  return { head: commit, tree, committedAt: new Date(time.trim()), uncommitted }
}

/**
 * @returns undefined where git is not there, `directory` is in no repository of its, or the answer is
 * longer than what is kept of it: the rest would be missed in silence.
 */
async function git(
  directory: string,
  argv: readonly string[],
  ports: Ports,
): Promise<string | undefined> {
  // The runner's user often does not own the workspace; we only read.
  const settings = ['-c', 'safe.directory=*', '-c', 'core.fsmonitor=false']
  try {
    const result = await ports.processes.run(
      {
        command: 'git',
        arguments: [...settings, '-C', directory, ...argv],
        environment: { GIT_OPTIONAL_LOCKS: '0' },
      },
      ports.signal,
    )
    if (result.exitCode === 0 && !result.truncated) return result.stdout
    const why = result.truncated ? 'the answer is longer than 1 MiB' : result.stderrTail.at(-1)
    ports.report.detail(`git ${argv[0] ?? ''}: ${why ?? 'no answer'}`)
    return undefined
  } catch (error) {
    if (error instanceof ActionError && error.code === 'docker-unavailable') return undefined
    throw error
  }
}

function warnOfOtherCommit(head: string, ports: Ports): void {
  const commit = commitOf(ports.context)
  if (head === commit || head === ports.context.sha) return
  ports.report.warning(
    `the checked-out commit is ${head.slice(0, 12)}, but the image is named after ${commit.slice(0, 12)}: ` +
      'check out the commit of the run, or the tag will not tell the truth',
  )
}
