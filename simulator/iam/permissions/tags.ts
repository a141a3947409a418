import { isObject, textOf } from '../../wire/json.ts'
import type { Json } from '../../wire/service.ts'
import type { Context } from '../policy/condition.ts'

/** `aws:RequestTag/…` and `aws:TagKeys` of a list of tags, however the service spells them. */
export function tagContext(tags: Json | undefined): Context {
  const context: Record<string, string | readonly string[]> = {}
  const keys: string[] = []
  for (const tag of Array.isArray(tags) ? tags : []) {
    if (!isObject(tag)) continue
    const key = textOf(tag['key'] ?? tag['Key'])
    if (key === undefined) continue
    keys.push(key)
    context[`aws:RequestTag/${key}`] = textOf(tag['value'] ?? tag['Value']) ?? ''
  }
  return keys.length === 0 ? context : { ...context, 'aws:TagKeys': keys }
}
