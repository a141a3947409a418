import { isSurelyIgnored } from '../../core/buildx/ignore-file.ts'
import type { GitFacts, SourceFacts } from '../../core/buildx/source.ts'
import { commitOf, isAboutCheckout, isOfRun } from '../../core/image/naming/run-commit.ts'
import { isRemoteContext, writeOutContext } from '../../core/inputs/build/context.ts'
import type { BuildInputs } from '../../core/inputs/inputs.ts'
import { pathIn } from '../../core/path-in.ts'
import type { RunContext } from '../../core/run-context.ts'
import type { Ports } from '../../ports/ports.ts'
import { askGit } from './ask-git.ts'
import { compareCheckout } from './compare-checkout.ts'

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
  const git = await inspectGit(contextDirectory, ignoreFileText, ports)
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

async function inspectGit(
  directory: string,
  ignoreFile: string | undefined,
  ports: Ports,
): Promise<GitFacts | undefined> {
  const [head, time] = await Promise.all([
    askGit(directory, ['rev-parse', 'HEAD', 'HEAD:./', '--show-prefix'], ports),
    askGit(directory, ['show', '--no-patch', '--format=%cI', 'HEAD'], ports),
  ])
  if (head === undefined || time === undefined) return undefined
  const [commit = '', tree = '', prefix = ''] = head.split('\n')
  const isSent = (path: string) => ignoreFile === undefined || !isSurelyIgnored(path, ignoreFile)
  const unproven = await compareCheckout({ directory, prefix, isSent }, ports)
  if (unproven === undefined) return undefined
  const sendsRecords = prefix === '' && isSent('.git/')
  return { head: commit, tree, committedAt: new Date(time.trim()), sendsRecords, ...unproven }
}

function warnOfOtherCommit(head: string, ports: Ports): void {
  if (isOfRun(ports.context, head)) return
  if (isAboutCheckout(ports.context)) {
    ports.report.warning(
      `the checked-out commit ${head.slice(0, 12)} is neither that of this ${ports.context.eventName} nor the one that asked for it: ` +
        'the image is named after what is checked out, and is none of the default branch',
    )
    return
  }
  const commit = commitOf(ports.context, head)
  ports.report.warning(
    `the checked-out commit is ${head.slice(0, 12)}, but the image is named after ${commit.slice(0, 12)}: ` +
      'check out the commit of the run, or the tag will not tell the truth',
  )
}
