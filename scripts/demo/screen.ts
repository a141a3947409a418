/** What a demo shows: chapters, prose, and checks whose failure fails the whole. */
export class Screen {
  readonly #terse: boolean
  readonly #failures: string[] = []
  #checks = 0

  /** @param terse For CI: checks and chapters only, no prose. */
  constructor(terse: boolean) {
    this.#terse = terse
  }

  chapter(title: string): void {
    process.stdout.write(`\n${bold(`━━ ${title}`)}\n`)
  }

  prose(text: string): void {
    if (!this.#terse) process.stdout.write(`${text}\n`)
  }

  /** A line of somebody else's output. */
  line(text: string): void {
    if (!this.#terse) process.stdout.write(`   ${dim('│')} ${text}\n`)
  }

  /** What is being done now; also in CI, where a long silence looks like a hang. */
  progress(text: string): void {
    process.stdout.write(`${dim(`   … ${text}`)}\n`)
  }

  /** Lines that are to be read as they are: a summary, a table. */
  block(text: string): void {
    process.stdout.write(
      `${text
        .trimEnd()
        .split('\n')
        .map((line) => `   ${line}`)
        .join('\n')}\n`,
    )
  }

  /** One thing that must hold, and what was seen. */
  check(holds: boolean, claim: string, seen = ''): void {
    this.#checks += 1
    if (!holds) this.#failures.push(claim)
    const found = seen === '' ? '' : dim(` (${seen})`)
    process.stdout.write(`   ${holds ? green('✓') : red('✗')} ${claim}${found}\n`)
  }

  /** Tells the count. @returns whether everything held. */
  conclude(): boolean {
    const failed = this.#failures.length
    process.stdout.write(
      failed === 0
        ? `\n${green(`All ${String(this.#checks)} checks hold.`)}\n`
        : `\n${red(`${String(failed)} of ${String(this.#checks)} checks do not hold:`)}\n${this.#failures.map((claim) => `  ✗ ${claim}\n`).join('')}`,
    )
    return failed === 0
  }
}

const colour = (code: number) => (text: string) =>
  process.stdout.isTTY || process.env['FORCE_COLOR'] !== undefined
    ? `\u001B[${String(code)}m${text}\u001B[0m`
    : text
const bold = colour(1)
const dim = colour(2)
const red = colour(31)
const green = colour(32)
