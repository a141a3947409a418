import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { parse } from 'yaml'

/** One input as action.yml declares it. */
export interface ActionInput {
  readonly name: string
  /** The default as written, expressions not yet evaluated. */
  readonly default?: string
  readonly deprecationMessage?: string
}

/** What the runner needs to know of a JavaScript action. */
export interface ActionManifest {
  readonly name: string
  readonly inputs: readonly ActionInput[]
  /** Paths relative to the action's folder. */
  readonly main: string
  readonly post?: string
  /** The condition of the post step; `always()` unless written. */
  readonly postIf: string
}

/**
 * Reads `action.yml` (or `action.yaml`) of the action in `directory`. Throws when it is not a
 * JavaScript action, or has a `pre` step, which the runner of a local action does not run either.
 */
export async function readActionManifest(directory: string): Promise<ActionManifest> {
  const manifestText = await readManifestText(directory)
  const known = manifests.get(manifestText)
  if (known !== undefined) return known
  const manifest = parseManifest(manifestText)
  manifests.set(manifestText, manifest)
  return manifest
}

/** By their text: a job of many steps reads the same one again and again. */
const manifests = new Map<string, ActionManifest>()

function parseManifest(manifestText: string): ActionManifest {
  const document: unknown = parse(manifestText)
  const runs = member(document, 'runs')
  const using = text(member(runs, 'using')) ?? ''
  if (!/^node\d+$/.test(using)) throw new Error(`runs.using is "${using}": not a JavaScript action`)
  const main = text(member(runs, 'main'))
  if (main === undefined) throw new Error('runs.main is missing')
  if (member(runs, 'pre') !== undefined) throw new Error('runs.pre does not run for a local action')
  const post = text(member(runs, 'post'))
  return {
    name: text(member(document, 'name')) ?? '',
    inputs: entries(member(document, 'inputs')).map(([name, input]) => readInput(name, input)),
    main,
    ...(post !== undefined && { post }),
    postIf: text(member(runs, 'post-if')) ?? 'always()',
  }
}

async function readManifestText(directory: string): Promise<string> {
  try {
    return await readFile(join(directory, 'action.yml'), 'utf8')
  } catch {
    return readFile(join(directory, 'action.yaml'), 'utf8')
  }
}

function readInput(name: string, input: unknown): ActionInput {
  const fallback = text(member(input, 'default'))
  const deprecationMessage = text(member(input, 'deprecationMessage'))
  return {
    name,
    ...(fallback !== undefined && { default: fallback }),
    ...(deprecationMessage !== undefined && { deprecationMessage }),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const entries = (value: unknown): [string, unknown][] =>
  isRecord(value) ? Object.entries(value) : []

const member = (value: unknown, name: string): unknown =>
  isRecord(value) ? value[name] : undefined

/** A scalar as the runner's template reader makes it a string: `true`, `30`. */
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
