import { stringMember } from '../wire/members.ts'
import { ServiceError, type JsonObject } from '../wire/service.ts'

const SESSION_NAME = /^[\w+=,.@-]{2,64}$/
const SHORTEST_SECONDS = 900
const LONGEST_SECONDS = 43_200

/** A parameter that has to be there. */
export function required(input: JsonObject, name: string): string {
  const value = stringMember(input, name)
  if (value === undefined || value === '') throw violation('null', name, 'Member must not be null')
  return value
}

export function sessionName(input: JsonObject): string {
  const name = required(input, 'RoleSessionName')
  if (SESSION_NAME.test(name)) return name
  const constraint = String.raw`Member must satisfy regular expression pattern: [\w+=,.@-]*`
  throw violation(name, 'RoleSessionName', constraint)
}

/** Seconds of the session asked for: 3600 unless given. */
export function durationSeconds(input: JsonObject): number {
  const text = stringMember(input, 'DurationSeconds') ?? '3600'
  const seconds = Number(text)
  if (!Number.isInteger(seconds)) throw new ServiceError('MalformedInput', 'Invalid integer')
  if (seconds < SHORTEST_SECONDS) {
    const constraint = `Member must have value greater than or equal to ${String(SHORTEST_SECONDS)}`
    throw violation(text, 'DurationSeconds', constraint)
  }
  if (seconds > LONGEST_SECONDS) {
    const constraint = `Member must have value less than or equal to ${String(LONGEST_SECONDS)}`
    throw violation(text, 'DurationSeconds', constraint)
  }
  return seconds
}

/** AWS's refusal of one member: `'roleSessionName' failed to satisfy constraint: …`. */
export function violation(value: string, name: string, constraint: string): ServiceError {
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  const shown = value === 'null' ? 'null' : `'${value}'`
  return new ServiceError(
    'ValidationError',
    `1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: ${constraint}`,
  )
}
