/**
 * Text as Markdown shows it literally, in a table cell too: nothing of it is markup, neither the
 * numbers of lists nor what GitHub makes links of by itself.
 */
export function literal(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@:-]/g, (mark) => `&#${mark.codePointAt(0) ?? 0};`)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(?<=^ ?\d+|www)\./gi, '&#46;')
}

/** Text in the monospaced form. */
export function code(text: string): string {
  return `<code>${literal(text)}</code>`
}

/** Text as it is, in a block that no line of it can close. */
export function block(lines: readonly string[]): string {
  // Markdown ends lines at a bare carriage return, too; log events may hold several lines.
  const text = lines.join('\n').replaceAll(/\r\n?/g, '\n')
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return [fence, text, fence].join('\n')
}

/** A table; cells are Markdown already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}
