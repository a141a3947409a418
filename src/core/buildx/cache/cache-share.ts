import { parseVertexLine } from '../progress.ts'

/** How much of a build came from caches: the builder's own and those it was given. */
export interface CacheShare {
  readonly cachedSteps: number
  /** Steps of the Dockerfile that were needed, on all platforms; FROM is none. */
  readonly steps: number
}

/**
 * Counts steps in the lines of `--progress=plain`: `#7 [linux/arm64 builder 3/4] RUN …` names one;
 * `#7 CACHED` or `#7 DONE 1.3s` is its end. One whose result is fetched from a cache ends in DONE,
 * too, after `#7 extracting sha256:…` (measured: buildx 0.29, BuildKit of Docker 28). The metadata
 * file tells nothing of all this.
 * @returns undefined where no step came to an end.
 */
export function cacheShare(lines: readonly string[]): CacheShare | undefined {
  const steps = new Map<string, 'running' | 'cached' | 'done'>()
  for (const line of lines) {
    const { vertex = '', text = '' } = parseVertexLine(line) ?? {}
    const state = steps.get(vertex)
    if (isStep(text)) steps.set(vertex, state ?? 'running')
    else if (state !== undefined && isFromCache(text)) steps.set(vertex, 'cached')
    else if (state === 'running' && /^DONE\b/.test(text)) steps.set(vertex, 'done')
  }
  const ended = [...steps.values()].filter((state) => state !== 'running')
  if (ended.length === 0) return undefined
  const cached = ended.filter((state) => state === 'cached')
  return { cachedSteps: cached.length, steps: ended.length }
}

/** `[builder 2/5] RUN`, `[linux/amd64 2/5] COPY`, `[3/3] ADD`. */
function isStep(text: string): boolean {
  return /^\[(?:[^\]]+ )?\d+\/\d+\] (?!FROM\b)/.test(text)
}

function isFromCache(text: string): boolean {
  return text === 'CACHED' || text.startsWith('extracting sha256:')
}
