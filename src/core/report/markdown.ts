/** Text as Markdown shows it literally, in a table cell too: nothing of it is markup. */
export function literal(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@:-]/g, (mark) => `&#${mark.codePointAt(0) ?? 0};`)
    .replaceAll(/\s+/g, ' ')
}

/** Text in the monospaced form. */
export function code(text: string): string {
  return `<code>${literal(text)}</code>`
}

/** Lines as they are, in a block that no line of theirs can close. */
export function block(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.map((line) => /`{3,}/.exec(line)?.[0].length ?? 0))
  const fence = '`'.repeat(longest + 1)
  return [fence, ...lines, fence].join('\n')
}

/** A table; cells are Markdown already. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}
