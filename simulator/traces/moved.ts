import { isObject } from '../wire/json.ts'
import type { Json } from '../wire/service.ts'

/** `value` with every time in it moved: members that end in `At`, and STS's Expiration. */
export function moved(value: Json, byMs: number): Json {
  if (typeof value === 'string') {
    return value.replaceAll(/<Expiration>([^<]*)</g, (_all, at: string) => {
      const later = new Date(Date.parse(at) + byMs).toISOString()
      return `<Expiration>${later.replace(/\.\d+Z$/, 'Z')}<`
    })
  }
  if (Array.isArray(value)) return value.map((item) => moved(item, byMs))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'number' && /[a-z]At$/.test(name)
        ? member + byMs / 1000
        : typeof member === 'string'
          ? member
          : moved(member, byMs),
    ]),
  )
}
