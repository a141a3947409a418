import { isObject } from '../wire/json.ts'
import type { Json, JsonObject } from '../wire/service.ts'

/** Replaces a value whose place says that it is nobody's business. */
export interface MemberRedaction {
  /** A credential: nothing of it is kept, not even which are equal. */
  readonly credential: (member: string, value: string) => string
  /** A setting: equal ones stay equal. */
  readonly setting: (value: string) => string
}

/** Members that hold a credential, wherever they are. Names in lower case. */
const CREDENTIALS = new Set([
  ...['authorizationtoken', 'accesskeyid', 'secretaccesskey', 'sessiontoken'],
  ...['webidentitytoken', 'password', 'externalid', 'policy'],
])

/** Members that hold what the user set, wherever they are: all text below them is replaced. */
const SETTINGS = new Set([
  ...['valueFrom', 'credentialsParameter', 'entryPoint', 'dockerLabels', 'nextToken'],
  ...['nextForwardToken', 'nextBackwardToken', 'SubjectFromWebIdentityToken', 'SourceIdentity'],
])

/** Lists of pairs whose `value` is the user's, and lists of log lines. */
const PAIRS: Readonly<Record<string, string>> = {
  environment: 'value',
  environmentFiles: 'value',
  tags: 'value',
}

/** The first word of a health check's command is the API's. */
const HEALTH_CHECK_WORDS = new Set(['CMD', 'CMD-SHELL', 'NONE'])

/** Walks `value` and replaces what members of these names hold. */
export function redactMembers(value: Json, redaction: MemberRedaction): Json {
  if (Array.isArray(value)) return value.map((item) => redactMembers(item, redaction))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, redactMember(name, member, redaction)]),
  )
}

function redactMember(name: string, value: Json, redaction: MemberRedaction): Json {
  if (CREDENTIALS.has(name.toLowerCase()) && typeof value === 'string') {
    return redaction.credential(name, value)
  }
  if (SETTINGS.has(name)) return redactTexts(value, redaction.setting)
  if (name === 'command') return redactCommand(value, redaction)
  if (name === 'options' && isObject(value)) return redactLogOptions(value, redaction)
  if (name === 'events' && Array.isArray(value)) return redactLogLines(value, redaction)
  const pair = PAIRS[name]
  if (pair !== undefined && Array.isArray(value)) return redactPairs(value, pair, redaction)
  return redactMembers(value, redaction)
}

function redactTexts(value: Json, setting: MemberRedaction['setting']): Json {
  if (typeof value === 'string') return setting(value)
  if (Array.isArray(value)) return value.map((item) => redactTexts(item, setting))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, redactTexts(member, setting)]),
  )
}

function redactCommand(value: Json, { setting }: MemberRedaction): Json {
  if (!Array.isArray(value)) return redactTexts(value, setting)
  return value.map((word, index) =>
    index === 0 && typeof word === 'string' && HEALTH_CHECK_WORDS.has(word)
      ? word
      : redactTexts(word, setting),
  )
}

/** Of a log driver's options those of awslogs are names; another driver's may be tokens. */
function redactLogOptions(options: JsonObject, { setting }: MemberRedaction): Json {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      name.startsWith('awslogs-') ? value : redactTexts(value, setting),
    ]),
  )
}

/** Events of CloudWatch Logs have a `timestamp` beside the message; those of a service do not. */
function redactLogLines(events: readonly Json[], redaction: MemberRedaction): Json {
  return events.map((event) =>
    isObject(event) && 'timestamp' in event && typeof event['message'] === 'string'
      ? { ...event, message: redaction.setting(event['message']) }
      : redactMembers(event, redaction),
  )
}

function redactPairs(items: readonly Json[], member: string, redaction: MemberRedaction): Json {
  return items.map((item) => {
    if (!isObject(item)) return redactTexts(item, redaction.setting)
    const value = item[member]
    if (typeof value !== 'string') return redactMembers(item, redaction)
    return { ...item, [member]: redaction.setting(value) }
  })
}
