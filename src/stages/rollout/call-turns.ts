import { callRates, nextTurn, type CallRate } from '../../core/rollout/pace/call-turns.ts'
import type { Ports } from '../../ports/ports.ts'

/** The calls that are made once for each service of a run. */
export type PacedCall = keyof typeof callRates

/** Keeps the calls of one run within AWS's buckets, and half of each for others. */
export class CallTurns {
  readonly #ports: Pick<Ports, 'clock' | 'signal'>
  readonly #emptyUntilMs = new Map<CallRate, number>()

  constructor(ports: Pick<Ports, 'clock' | 'signal'>) {
    this.#ports = ports
  }

  /**
   * Rests until the call may be made.
   * @throws the signal's reason when it aborts meanwhile; what is asked after that does not rest.
   */
  async take(call: PacedCall): Promise<void> {
    const { clock, signal } = this.#ports
    const rate = callRates[call]
    const nowMs = clock.monotonicMs()
    const turn = nextTurn(rate, this.#emptyUntilMs.get(rate) ?? 0, nowMs)
    this.#emptyUntilMs.set(rate, turn.emptyUntilMs)
    if (turn.atMs > nowMs && !signal.aborted) await clock.sleep(turn.atMs - nowMs, signal)
  }
}
