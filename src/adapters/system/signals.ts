import { ActionError } from '../../core/errors/action-error.ts'

/**
 * Aborts when the runner asks this process to stop: SIGINT, and 7.5 s later SIGTERM, to this
 * process only (actions/runner, ProcessInvoker.cs). Without handlers Node would die at once and
 * leave its children running.
 */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      controller.abort(
        new ActionError(
          'cancelled',
          `the run was cancelled (${signal})`,
          'Look at the service before you run it again; a new run picks up what is there.',
        ),
      )
    })
  }
  return controller.signal
}
