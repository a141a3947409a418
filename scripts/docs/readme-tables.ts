import { parse } from 'yaml'

interface Manifest {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly default?: string }>
  >
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
}

/** Reads action.yml. @throws where it is not of the form that a GitHub Action has. */
export function readManifest(text: string): Manifest {
  const manifest: unknown = parse(text)
  if (!isManifest(manifest)) throw new TypeError('action.yml has no inputs or no outputs')
  return manifest
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'inputs' in value && 'outputs' in value
}

/** A README in which the tables between the markers say what action.yml says. */
export function withTables(readme: string, manifest: Manifest): string {
  const inputs = Object.entries(manifest.inputs).map(([name, input]) =>
    row(
      `\`${name}\``,
      (input.default?.split('\n') ?? []).map((line) => `\`${line}\``).join('<br>'),
      input.description,
    ),
  )
  const outputs = Object.entries(manifest.outputs).map(([name, output]) =>
    row(`\`${name}\``, output.description),
  )
  const withInputs = between(readme, 'inputs', [
    row('input', 'default', 'meaning'),
    row('-', '-', '-'),
    ...inputs,
  ])
  return between(withInputs, 'outputs', [row('output', 'meaning'), row('-', '-'), ...outputs])
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|')).join(' | ')} |`
}

function between(text: string, name: string, lines: readonly string[]): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`]
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`README.md lacks the markers of "${name}"`)
  return `${text.slice(0, from + start.length)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`
}
