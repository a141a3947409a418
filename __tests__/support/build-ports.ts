import { createDockerCredentials } from '../../src/adapters/docker/configuration.ts'
import { createFiles } from '../../src/adapters/files/files.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { createProcesses } from '../../src/adapters/process/processes.ts'
import type { RunContext } from '../../src/core/run-context.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Ports } from '../../src/ports/ports.ts'
import { noGitHub } from './no-github.ts'
import type { RecordingDocker } from './recording-docker.ts'
import { RecordingReport } from './recording-report.ts'
import { runContext } from './run-context.ts'

/** The real adapters around a recording docker; AWS comes by a session of the test's own. */
export interface BuildPorts extends Ports {
  readonly report: RecordingReport
  readonly saved: {
    readonly builders: string[]
    readonly configurations: string[]
    /** `+engine handler` and `-engine handler`, in order. */
    readonly emulators: string[]
  }
}

export function buildPorts(
  docker: RecordingDocker,
  options: {
    readonly context?: Partial<RunContext>
    readonly signal?: AbortSignal
    readonly clock?: Clock
    /** Variables of the job besides those of the recording docker. */
    readonly environment?: Readonly<Record<string, string>>
  } = {},
): BuildPorts {
  const saved = {
    builders: new Array<string>(),
    configurations: new Array<string>(),
    emulators: new Array<string>(),
  }
  const noteEmulators = (sign: string) => (engine: string, handlers: readonly string[]) =>
    void saved.emulators.push(...handlers.map((handler) => `${sign}${engine} ${handler}`))
  const postState = {
    saveBuilder: (name: string) => void saved.builders.push(name),
    saveDockerConfiguration: (directory: string) => void saved.configurations.push(directory),
    saveEmulators: noteEmulators('+'),
    forgetEmulators: noteEmulators('-'),
  }
  const temporaryDirectory = docker.path('temporary')
  const unused = (): never => {
    throw new Error('this test needs no such port')
  }
  return {
    context: runContext({
      workspace: docker.path('workspace'),
      temporaryDirectory,
      ...options.context,
    }),
    aws: { open: unused },
    clock: options.clock ?? systemClock,
    dockerCredentials: createDockerCredentials(docker.environment, temporaryDirectory, postState),
    files: createFiles(temporaryDirectory),
    github: noGitHub,
    postState,
    processes: createProcesses({ ...docker.environment, ...options.environment }),
    report: new RecordingReport(),
    signal: options.signal ?? new AbortController().signal,
    saved,
  }
}
