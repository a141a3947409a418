import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { isFailedCall } from '../../core/errors/failed-call.ts'
import { deniedAction } from '../../core/faults/denied-statement.ts'
import type { Ports } from '../../ports/ports.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * Reads of one service that make the verdict better and are not needed for it. What is refused is
 * not asked for again of this service alone: a policy may allow it for another. The warning names the
 * permission, and is one for all services of the run.
 */
export class OptionalReads {
  readonly #ports: Pick<Ports, 'report' | 'signal'>
  /** Operations that are not asked for any more. */
  readonly #forgone = new Set<string>()

  constructor(ports: Pick<Ports, 'report' | 'signal'>) {
    this.#ports = ports
  }

  /** Whether `operation` was refused for want of a permission. */
  isForgone(operation: string): boolean {
    return this.#forgone.has(operation)
  }

  /**
   * @param without What the run cannot do without the answer, for the warning.
   * @returns undefined where the permission is missing.
   * @throws AwsFailure where the call failed for another reason.
   */
  async ifAllowed<T>(
    operation: string,
    without: string,
    call: () => Promise<T>,
  ): Promise<T | undefined> {
    if (this.#forgone.has(operation)) return undefined
    try {
      return await untilAborted(call, this.#ports.signal)
    } catch (error) {
      if (!(error instanceof AwsFailure && error.denied)) throw error
      // Calls side by side are refused side by side.
      if (!this.#forgone.has(operation)) {
        this.#forgone.add(operation)
        const action = error.service === 'ECS' ? deniedAction(error) : operation
        this.#ports.report.detail(`${operation}: ${error.code}: ${error.message}`)
        this.#ports.report.warnOnce(`without the permission ${action} ${without}`)
      }
      return undefined
    }
  }

  /** Like {@link ifAllowed}, but no answer for whatever reason is undefined, too. */
  async try<T>(operation: string, without: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.ifAllowed(operation, without, call)
    } catch (error) {
      if (!isFailedCall(error)) throw error
      this.#ports.report.detail(`${operation}: ${error.code}: ${error.message}`)
      return undefined
    }
  }
}
