import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'

import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { RunContext } from '../../core/run-context.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What the runner's variables tell about this run. */
export function readRunContext(environment: Environment): RunContext {
  const variable = (name: string) => environment[name] ?? ''
  return {
    eventName: variable('GITHUB_EVENT_NAME'),
    event: readEvent(environment['GITHUB_EVENT_PATH']),
    repository: variable('GITHUB_REPOSITORY'),
    sha: variable('GITHUB_SHA'),
    ref: variable('GITHUB_REF'),
    runId: variable('GITHUB_RUN_ID'),
    runAttempt: Number(environment['GITHUB_RUN_ATTEMPT'] ?? '1') || 1,
    serverUrl: environment['GITHUB_SERVER_URL'] ?? 'https://github.com',
    workspace: environment['GITHUB_WORKSPACE'] ?? process.cwd(),
    temporaryDirectory: environment['RUNNER_TEMP'] ?? tmpdir(),
  }
}

/** The event's payload; empty where the runner gave none. */
function readEvent(path: string | undefined): JsonObject {
  if (path === undefined || path === '') return {}
  try {
    const event: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isJsonObject(event) ? event : {}
  } catch {
    // An unreadable payload is an unknown one: the guard does not trust it.
    return {}
  }
}

/** The variables that docker/metadata-action reads besides its inputs. */
export function readMetadataVariables(environment: Environment): ReadonlyMap<string, string> {
  const set = Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith('DOCKER_METADATA_') && value !== undefined ? [[name, value] as const] : [],
  )
  return new Map(set)
}

/** The step's inputs by name. The runner hands them over as `INPUT_<NAME>`, upper case. */
export function readInputValues(environment: Environment): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [variable, value] of Object.entries(environment)) {
    const name = /^INPUT_(.+)$/.exec(variable)?.[1]
    if (name !== undefined && value !== undefined) values.set(name.toLowerCase(), value)
  }
  return values
}
