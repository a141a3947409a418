import { getState, saveState } from '@actions/core'

import type { PostState } from '../../ports/post-state.ts'

const keys = { dockerConfiguration: 'docker-configuration', builder: 'builder' } as const

/** State that the runner keeps between main and post. */
export const postState: PostState = {
  saveDockerConfiguration: (directory) => saveState(keys.dockerConfiguration, directory),
  saveBuilder: (name) => saveState(keys.builder, name),
}

/** What main left. Untrusted: any step's output can forge state on old runners. */
export function readPostState(): {
  readonly dockerConfiguration: string | undefined
  readonly builder: string | undefined
} {
  return {
    dockerConfiguration: getState(keys.dockerConfiguration) || undefined,
    builder: getState(keys.builder) || undefined,
  }
}
