import { ServiceError } from '../wire/service.ts'
import type { SessionPolicies } from './session-policies.ts'
import type { SessionTags } from './session-tags.ts'

/**
 * How much of a session's packed space policies and tags take, in percent.
 * AWS does not tell how it packs: here they lie side by side as UTF-8.
 * @throws ServiceError `PackedPolicyTooLarge` above 100.
 */
export function packedPolicySize(
  { texts }: SessionPolicies,
  { tags }: SessionTags,
  spaceBytes: number,
): number {
  const tagTexts = Object.entries(tags).flat()
  const bytes = [...texts, ...tagTexts].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const percent = Math.ceil((bytes / spaceBytes) * 100)
  if (percent <= 100) return percent
  const what = tagTexts.length > 0 ? 'session tags' : 'session policy'
  throw new ServiceError(
    'PackedPolicyTooLarge',
    `Packed size of ${what} consumes ${String(percent)}% of allotted space.`,
  )
}
