/**
 * Makes text safe to print on the runner's log. The runner takes a line for a command when it
 * starts with `::` (after blanks), or holds `##[` anywhere, and it ends lines at a bare carriage
 * return, too (actions/runner, ActionCommand.cs). Both forms are broken up by a blank, visibly.
 * @returns the lines, at least one.
 */
export function neutralise(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n|\u0085|\u2028|\u2029/).map((line) =>
    line
      .replaceAll(/(?![\t\u001B])\p{Cc}/gu, '')
      .replaceAll('##[', '## [')
      .replace(/^(\s*:)(?=:)/u, '$1 '),
  )
}

/** As {@link neutralise}, for places that hold one line. */
export function neutraliseLine(text: string): string {
  return neutralise(text).join(' ')
}
