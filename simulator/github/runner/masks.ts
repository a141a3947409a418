const base64 = (bytes: Buffer): string => bytes.toString('base64')

/** Forms that a secret takes on its way to a log, as the runner's SecretMasker has them. */
const encoders: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => base64(Buffer.from(value)),
  // The secret as the tail of what is encoded (`user:secret`), one or two bytes out of step.
  (value) => base64(shifted(Buffer.from(value), 1)),
  (value) => base64(shifted(Buffer.from(value), 2)),
  (value) => value.replaceAll('"', '\\"'),
  (value) => value.replaceAll("'", "''"),
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => escapeUriData(value),
  (value) => escapeXml(value),
  (value) => (/^".{7,}"$/s.test(value) ? value.slice(1, -1) : ''),
  (value) => longEnough(value.slice(0, ampersandCut(value))),
  (value) => longEnough(afterAmpersand(value)),
]

const shifted = (bytes: Buffer, count: number): Buffer =>
  bytes.length > count ? bytes.subarray(count) : bytes

/** Node throws on a lone surrogate, .NET replaces it. */
const escapeUriData = (value: string): string =>
  encodeURIComponent(Buffer.from(value).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

const xmlEscapes: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '&': '&amp;',
}
const escapeXml = (value: string): string =>
  value.replace(/[<>"'&]/g, (character) => xmlEscapes[character] ?? character)

/** PowerShell prints a command's text in two parts around its last `&` (or its first `&+`). */
function ampersandCut(value: string): number {
  const plus = value.indexOf('&+')
  return plus >= 0 ? plus + 2 : value.lastIndexOf('&') + 1
}

function afterAmpersand(value: string): string {
  if (!value.includes('&')) return ''
  return value.slice(ampersandCut(value) + (value.includes('&+') ? 1 : 0))
}

const longEnough = (part: string): string => (part.length >= 6 ? part : '')

/** The secrets of a job. What goes to its log, summary and job outputs passes here. */
export class Masks {
  readonly #forms = new Set<string>()

  /** Masks `value` from now on, in each form that the runner knows. */
  add(value: string): void {
    if (value === '') return
    for (const encode of encoders) {
      const form = encode(value)
      if (form !== '') this.#forms.add(form)
    }
  }

  /** `text` with `***` for every secret in it; secrets that overlap or touch become one `***`. */
  apply(text: string): string {
    const spans = this.#find(text)
    let result = ''
    let position = 0
    while (spans.length > 0) {
      const [start, end] = nextSpan(spans)
      result += `${text.slice(position, start)}***`
      position = end
    }
    return result + text.slice(position)
  }

  /** Whether `text` holds a secret. */
  covers(text: string): boolean {
    return this.#find(text).length > 0
  }

  /** Start and end of each occurrence, by start. */
  #find(text: string): [number, number][] {
    const spans: [number, number][] = []
    for (const form of this.#forms) {
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
        spans.push([at, at + form.length])
      }
    }
    return spans.sort(([a], [b]) => a - b)
  }
}

/** Takes from `spans` those that overlap or touch the first, and returns the span of all. */
function nextSpan(spans: [number, number][]): [number, number] {
  const [start, firstEnd] = spans.shift() ?? [0, 0]
  let end = firstEnd
  for (let next = spans[0]; next && next[0] <= end; next = spans[0]) {
    end = Math.max(end, next[1])
    spans.shift()
  }
  return [start, end]
}
