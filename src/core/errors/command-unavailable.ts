import { ActionError } from './action-error.ts'

/** A command that cannot be started; whoever can do without it goes on. */
export class CommandUnavailable extends ActionError {
  constructor(command: string, why: string, cause: Error) {
    super(
      command === 'docker' ? 'docker-unavailable' : 'unexpected',
      `"${command}" ${why}`,
      `Install ${command} on the runner; GitHub's own Ubuntu runners have it.`,
      { cause },
    )
    this.name = 'CommandUnavailable'
  }
}
