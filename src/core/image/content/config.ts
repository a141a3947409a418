import { parseJsonObject, stringAt } from '../../json.ts'
import { parsePlatform, type Platform } from '../platform.ts'

/** For which platform an image is, by its config blob (OCI image configuration). */
export function platformOfConfig(text: string): Platform | undefined {
  const config = parseJsonObject(text)
  if (config === undefined) return undefined
  const parts = ['os', 'architecture', 'variant'].flatMap((part) => stringAt(config, part) || [])
  return parsePlatform(parts.join('/'))
}
