import { getState, saveState } from '@actions/core'

import { parseJsonObject, stringsAt } from '../../core/json.ts'
import type { PostState } from '../../ports/post-state.ts'

const keys = {
  dockerConfiguration: 'docker-configuration',
  builder: 'builder',
  emulators: 'emulators',
} as const

/** Handlers by engine, as far as this process has saved them. */
const emulators = new Map<string, readonly string[]>()

/** State that the runner keeps between main and post. */
export const postState: PostState = {
  saveDockerConfiguration: (directory) => saveState(keys.dockerConfiguration, directory),
  saveBuilder: (name) => saveState(keys.builder, name),
  saveEmulators: (engine, handlers) => {
    setEmulators(engine, [...new Set([...(emulators.get(engine) ?? []), ...handlers])])
  },
  forgetEmulators: (engine, handlers) => {
    if (handlers.length === 0) return
    setEmulators(
      engine,
      (emulators.get(engine) ?? []).filter((handler) => !handlers.includes(handler)),
    )
  },
}

function setEmulators(engine: string, handlers: readonly string[]): void {
  emulators.set(engine, handlers)
  saveState(keys.emulators, Object.fromEntries(emulators))
}

/** What main left. Untrusted: any step's output can forge state on old runners. */
interface Leftovers {
  readonly dockerConfiguration: string | undefined
  readonly builder: string | undefined
  /** Handlers of binfmt_misc by the argument of docker that names their engine. */
  readonly emulators: ReadonlyMap<string, readonly string[]>
}

export function readPostState(): Leftovers {
  return {
    dockerConfiguration: getState(keys.dockerConfiguration) || undefined,
    builder: getState(keys.builder) || undefined,
    emulators: parseEmulators(getState(keys.emulators)),
  }
}

function parseEmulators(text: string): ReadonlyMap<string, readonly string[]> {
  // Of what main did not write there is nothing to take back.
  const value = parseJsonObject(text) ?? {}
  const engines = Object.keys(value).map((engine) => [engine, stringsAt(value, engine)] as const)
  return new Map(engines.filter(([, handlers]) => handlers.length > 0))
}
