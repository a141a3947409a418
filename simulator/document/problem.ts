/** Where in a document something stands: `['faults', 0, 'nth']`. */
export type Path = readonly (string | number)[]

/** One mistake in a document that a person wrote. */
export interface Problem {
  readonly path: Path
  /** What is wanted and what is there, as the rest of a sentence that begins with the place. */
  readonly message: string
}

/** `faults[0].nth` */
export function placeOf(path: Path): string {
  return path.reduce<string>((place, part) => {
    if (typeof part === 'number') return `${place}[${String(part)}]`
    return place === '' ? part : `${place}.${part}`
  }, '')
}

/** Everything that is wrong with a document, told at once. */
export class DocumentError extends Error {
  readonly problems: readonly Problem[]

  /** @param describe How a problem's place is told; default {@link placeOf}. */
  constructor(
    what: string,
    problems: readonly Problem[],
    describe: (path: Path) => string = placeOf,
  ) {
    const lines = problems.map(({ path, message }) => `${describe(path)} ${message}`.trim())
    super([`${what}:`, ...lines].join('\n  '))
    this.name = 'DocumentError'
    this.problems = problems
  }
}
