import { isAbsolute, normalize } from 'node:path/posix'
import type { InputReader } from '../reader.ts'

/** The context of docker/build-push-action where none is given: the commit, fetched by BuildKit. */
const template = /^\{\{\s*defaultContext\s*\}\}/

/**
 * Reads `context`: a folder in the workspace, or what BuildKit fetches by itself, a git repository
 * or an archive.
 */
export function readContext(reader: InputReader): string {
  const text = reader.text('context') ?? '.'
  if (!isRemoteContext(text)) return readPath(reader, 'context') ?? '.'
  if (/[\s,"]/.test(text.replace(template, ''))) reader.reject('context', 'is not a URL')
  if (/^https?:\/\/[^/]*@/.test(text)) {
    const shown = text.replace(/\/\/[^/]*@/, '//…@')
    reader.reject('context', 'has credentials in it; `github-token` or `secrets` take them', shown)
  }
  return text
}

/** Reads `file`, a path in the workspace, or in the root of a remote context. */
export function readDockerfilePath(reader: InputReader): string | undefined {
  return readPath(reader, 'file')
}

/** Whether BuildKit fetches the context by itself. */
export function isRemoteContext(context: string): boolean {
  return /^([a-z][a-z+]*:\/\/|git@|github\.com\/)/.test(context) || template.test(context)
}

/**
 * Whether BuildKit takes the context for a git repository: by its scheme, or by `.git` before the
 * fragment or the query (docs.docker.com, remote build contexts).
 */
export function isGitContext(context: string): boolean {
  return (
    /^(git:\/\/|ssh:\/\/|git@|github\.com\/)/.test(context) ||
    /^https?:\/\/[^#?]+\.git\/?([#?]|$)/.test(context) ||
    template.test(context)
  )
}

/** A git repository with `{{defaultContext}}` written out. @param commit 40 hex digits. */
export function writeOutContext(
  context: string,
  run: { readonly serverUrl: string; readonly repository: string },
  commit: string,
): string {
  return context.replace(template, `${run.serverUrl}/${run.repository}.git#${commit}`)
}

/** Whether a token of the job's server opens the context: it goes to that server alone, and by HTTPS. */
export function isOnServer(context: string, serverUrl: string): boolean {
  if (!isGitContext(context) || !serverUrl.startsWith('https://')) return false
  const url = context.startsWith('github.com/') ? `https://${context}` : context
  return template.test(context) || url.startsWith(`${serverUrl.replace(/\/$/, '')}/`)
}

/** A path inside the workspace, or inside the context. */
function readPath(reader: InputReader, name: string): string | undefined {
  const text = reader.text(name)
  if (text === undefined) return undefined
  if (/^([a-z+]+:\/\/|git@)/.test(text)) {
    reader.reject(name, 'is remote; name a path, relative to a remote `context`')
  } else if (isAbsolute(text) || normalize(text).split('/').includes('..')) {
    reader.reject(name, 'is not a path inside the workspace')
  }
  return normalize(text)
}
