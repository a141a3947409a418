/** A line without an end is cut here, so that no child can fill the memory. */
const longestLine = 64 * 1024

/**
 * Cuts a stream of text into lines at `\n`, `\r\n` and bare `\r`, as the runner's own reader does
 * (.NET ReadLine): a progress bar's rewritten line is a line, and hides nothing.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void
  #rest = ''
  #afterReturn = false

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  push(text: string): void {
    const fresh = this.#afterReturn && text.startsWith('\n') ? text.slice(1) : text
    if (text !== '') this.#afterReturn = text.endsWith('\r')
    const lines = (this.#rest + fresh).split(/\r\n|\n|\r/)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#onLine(line)
    while (this.#rest.length > longestLine) {
      this.#onLine(this.#rest.slice(0, longestLine))
      this.#rest = this.#rest.slice(longestLine)
    }
  }

  /** Gives out what came after the last line end. */
  end(): void {
    if (this.#rest !== '') this.#onLine(this.#rest)
    this.#rest = ''
  }
}
