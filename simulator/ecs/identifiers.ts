const tokenAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-'

/** Makes the ids that ECS makes. The same seed gives the same ids in the same order. */
export class Identifiers {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Nineteen digits: the tail of a service revision ARN and of `ecs-svc/…`. */
  digits(): string {
    return this.#pick('123456789', 1) + this.#pick('0123456789', 18)
  }

  /** Thirty-two hexadecimal digits: a task id. */
  hex(): string {
    return this.#pick('0123456789abcdef', 32)
  }

  /** Twenty-one characters: a service deployment id. */
  token(): string {
    return this.#pick(tokenAlphabet, 21)
  }

  /** A UUID: the id of a service event, a container or an attachment. */
  uuid(): string {
    const hex = this.hex()
    const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`]
    return [...parts, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-')
  }

  #pick(alphabet: string, length: number): string {
    let picked = ''
    for (let count = 0; count < length; count += 1) {
      picked += alphabet.charAt(this.#below(alphabet.length))
    }
    return picked
  }

  /** A Weyl sequence with a mixing step (mulberry32): small, fast, even enough for ids. */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}
