import { parseVertexLine } from '../progress.ts'

/**
 * Why a cache was not written, from the lines of `--progress=plain`: `#9 exporting cache to
 * registry`, then `#9 ERROR: …`. With `ignore-error=true` buildx ends well all the same (measured).
 */
export function lostCache(lines: readonly string[]): string | undefined {
  const exports = new Set<string>()
  for (const line of lines) {
    const { vertex = '', text = '' } = parseVertexLine(line) ?? {}
    const reason = /^ERROR: (.*)$/.exec(text)?.[1]
    if (/^exporting cache\b/.test(text)) exports.add(vertex)
    else if (reason !== undefined && exports.has(vertex)) return reason
  }
  return undefined
}
