import type { RunContext } from '../core/run-context.ts'
import type { Aws } from './aws.ts'
import type { Clock } from './clock.ts'
import type { DockerCredentials } from './docker-credentials.ts'
import type { Files } from './files.ts'
import type { GitHub } from './github.ts'
import type { PostState } from './post-state.ts'
import type { Processes } from './processes.ts'
import type { Report } from './report.ts'

/** Everything outside that a stage may touch. Stages see nothing else of the world. */
export interface Ports {
  readonly context: RunContext
  readonly aws: Aws
  readonly clock: Clock
  readonly dockerCredentials: DockerCredentials
  readonly files: Files
  readonly github: GitHub
  readonly postState: PostState
  readonly processes: Processes
  readonly report: Report
  /** Aborts with an ActionError `cancelled` when the runner asks us to stop. */
  readonly signal: AbortSignal
}
