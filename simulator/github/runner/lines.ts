import { StringDecoder } from 'node:string_decoder'

/**
 * Cuts a stream of UTF-8 bytes into lines as .NET's ReadLine does: at `\n`, at `\r\n`, and at a
 * bare `\r`, which progress bars write and which hides a command from a reader that cuts at `\n`.
 */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8')
  #pending = ''
  #endedWithReturn = false

  /** The lines that `chunk` completes. */
  push(chunk: Buffer): string[] {
    let text = this.#decoder.write(chunk)
    if (text === '') return []
    // The line ended at `\r`; a `\n` right after it, in the next chunk, ends no other one.
    if (this.#endedWithReturn && text.startsWith('\n')) text = text.slice(1)
    this.#endedWithReturn = text === '' ? false : text.endsWith('\r')
    const lines = (this.#pending + text).split(/\r\n|\r|\n/)
    this.#pending = lines.pop() ?? ''
    return lines
  }

  /** The last line, if the stream did not end with a line's end. */
  end(): string[] {
    const rest = this.#pending + this.#decoder.end()
    this.#pending = ''
    return rest === '' ? [] : [rest]
  }
}
