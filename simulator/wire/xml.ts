import type { Json, JsonObject } from './service.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** Writes `body` as the children of `root`; list items are `<member>` elements. */
export function toXml(root: string, namespace: string, body: JsonObject): string {
  return `<${root} xmlns="${namespace}">${children(body)}</${root}>\n`
}

function children(body: JsonObject): string {
  return Object.entries(body)
    .map(([name, value]) => `<${name}>${content(value)}</${name}>`)
    .join('')
}

function content(value: Json): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${content(item)}</member>`).join('')
  if (typeof value === 'object' && value !== null) return children(value)
  return value === null ? '' : escape(String(value))
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}
