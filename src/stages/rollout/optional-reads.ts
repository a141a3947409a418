import { ActionError } from '../../core/errors/action-error.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { deniedAction } from '../../core/faults/ecs-general.ts'
import type { Ports } from '../../ports/ports.ts'
import { untilAborted } from '../aws/until-aborted.ts'

/**
 * Reads that make the verdict better and are not needed for it. A permission that is missing is
 * told in one warning that names it, and not asked for again.
 */
export class OptionalReads {
  readonly #ports: Pick<Ports, 'report' | 'signal'>
  readonly #denied = new Set<string>()

  constructor(ports: Pick<Ports, 'report' | 'signal'>) {
    this.#ports = ports
  }

  /** Whether `operation` was refused for want of a permission. */
  isDenied(operation: string): boolean {
    return this.#denied.has(operation)
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
    if (this.#denied.has(operation)) return undefined
    try {
      return await untilAborted(call(), this.#ports.signal)
    } catch (error) {
      if (!(error instanceof AwsFailure && error.denied)) throw error
      // Calls side by side are refused side by side.
      if (!this.#denied.has(operation)) {
        this.#denied.add(operation)
        const action = error.service === 'ECS' ? deniedAction(error) : operation
        this.#ports.report.warning(`without the permission ${action} ${without}`)
      }
      return undefined
    }
  }

  /** Like {@link ifAllowed}, but no answer for whatever reason is undefined, too. */
  async try<T>(operation: string, without: string, call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.ifAllowed(operation, without, call)
    } catch (error) {
      // The credentials may not be had anew; only the end of the run itself is not to be outlived.
      const isEnd = error instanceof ActionError && error.code === 'cancelled'
      if (isEnd || !(error instanceof AwsFailure || error instanceof ActionError)) throw error
      this.#ports.report.detail(`${operation}: ${error.code}: ${error.message}`)
      return undefined
    }
  }
}
