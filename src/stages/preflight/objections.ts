import { ActionError } from '../../core/errors/action-error.ts'
import { combineErrors } from '../../core/errors/combine.ts'

/** What speaks against a run, gathered so that one run tells all of it. */
export class Objections {
  readonly #errors: ActionError[] = []

  /** The result, or undefined with the failure noted. Other failures are defects. */
  async collect<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work
    } catch (error) {
      if (!(error instanceof ActionError) || error.code === 'cancelled') throw error
      this.#errors.push(error)
      return undefined
    }
  }

  /** As {@link collect}, for what is decided at once. */
  attempt<T>(decide: () => T): T | undefined {
    try {
      return decide()
    } catch (error) {
      if (!(error instanceof ActionError)) throw error
      this.#errors.push(error)
      return undefined
    }
  }

  /** @throws ActionError with everything that was noted, if anything was. */
  raise(): void {
    const [first, ...more] = this.#errors
    if (first !== undefined) throw combineErrors([first, ...more])
  }
}
