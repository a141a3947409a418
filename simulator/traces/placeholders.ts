/** Gives each thing a name of its own that tells nothing: the same one as long as this lives. */
export class Placeholders {
  readonly #names = new Map<string, Map<string, string>>()

  /** @param name Makes the name of the `n`-th thing of this kind, counted from 1. */
  of(kind: string, thing: string, name: (n: number) => string): string {
    const known = this.#names.get(kind) ?? new Map<string, string>()
    this.#names.set(kind, known)
    const given = known.get(thing) ?? name(known.size + 1)
    known.set(thing, given)
    return given
  }
}
