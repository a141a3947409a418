import { objectsMember, stringMember, stringsMember } from '../wire/members.ts'
import { ServiceError, type JsonObject } from '../wire/service.ts'
import type { Principal } from '../iam/principal.ts'
import { required, violation } from './parameters.ts'

const MOST_TAGS = 50
const LONGEST_KEY = 128
const LONGEST_VALUE = 256
const ALLOWED_SOURCE = String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]*`
const ALLOWED = new RegExp(`^${ALLOWED_SOURCE}$`, 'u')

/** Tags of a session that is to be opened. */
export interface SessionTags {
  readonly tags: Readonly<Record<string, string>>
  readonly transitiveTagKeys: readonly string[]
  /** Whether the request itself brings tags: that needs `sts:TagSession`. */
  readonly given: boolean
}

/** Reads `Tags` and `TransitiveTagKeys`, with what the asker's own session hands on. */
export function sessionTags(input: JsonObject, asker: Principal | undefined): SessionTags {
  const listed = objectsMember(input, 'Tags') ?? []
  if (listed.length > MOST_TAGS) {
    throw violation('[Tags]', 'Tags', 'Member must have length less than or equal to 50')
  }
  const given: Record<string, string> = {}
  for (const [index, tag] of listed.entries()) {
    const { key, value } = readTag(tag, index + 1)
    if (Object.keys(given).some((other) => other.toLowerCase() === key.toLowerCase())) {
      throw new ServiceError(
        'InvalidParameterValue',
        'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      )
    }
    given[key] = value
  }
  const handedOn = asker?.transitiveTagKeys ?? []
  const inherited = Object.fromEntries(
    handedOn.map((key): [string, string] => [key, asker?.tags?.[key] ?? '']),
  )
  return {
    tags: { ...given, ...inherited },
    transitiveTagKeys: [...(stringsMember(input, 'TransitiveTagKeys') ?? []), ...handedOn],
    given: listed.length > 0,
  }
}

function readTag(tag: JsonObject, number: number): { key: string; value: string } {
  const key = required(tag, 'Key')
  const value = stringMember(tag, 'Value') ?? ''
  check(key, LONGEST_KEY, `tags.${String(number)}.member.key`)
  check(value, LONGEST_VALUE, `tags.${String(number)}.member.value`)
  return { key, value }
}

function check(text: string, longest: number, member: string): void {
  if (text.length > longest) {
    const constraint = `Member must have length less than or equal to ${String(longest)}`
    throw violation(text, member, constraint)
  }
  if (ALLOWED.test(text)) return
  throw violation(text, member, `Member must satisfy regular expression pattern: ${ALLOWED_SOURCE}`)
}
