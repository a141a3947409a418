import { isJsonObject, stringAt } from '../../json.ts'
import { parsePlatform, type Platform } from '../platform.ts'

/** For which platform an image is, by its config blob (OCI image configuration). */
export function platformOfConfig(text: string): Platform | undefined {
  let config: unknown
  try {
    config = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isJsonObject(config)) return undefined
  const parts = ['os', 'architecture', 'variant'].flatMap((part) => stringAt(config, part) || [])
  return parsePlatform(parts.join('/'))
}
