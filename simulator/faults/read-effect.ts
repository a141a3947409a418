import type { Fields } from '../document/fields.ts'
import type { Effect } from './effect.ts'

/** The members that say what happens; a fault has one of them, or `latencyMs` alone. */
const EFFECTS = [
  ...['error', 'status', 'throttle', 'stall', 'reset', 'truncate', 'malformed', 'empty', 'stale'],
  ...['bytesPerSecond', 'expiredLogin'],
]
const DETAILS = ['message', 'body', 'afterBytes']
const MOMENTS = ['before', 'after'] as const

export const NAMES_OF_EFFECTS: readonly string[] = [...EFFECTS, ...DETAILS]

/** Reads the one effect of a fault, and refuses details that do not go with it. */
export function readEffect(fields: Fields): Effect {
  const given = EFFECTS.filter((name) => fields.has(name))
  const several = given.filter((name) => name !== 'status' || !fields.has('error'))
  if (several.length > 1) fields.refuse(undefined, `has ${several.join(' and ')}: one effect each`)
  if (given.length === 0 && !fields.has('latencyMs')) {
    fields.refuse(undefined, `needs an effect: ${EFFECTS.join(', ')} or latencyMs`)
  }
  const name = given[0] ?? ''
  checkDetails(fields, name)
  for (const flag of ['throttle', 'malformed', 'empty', 'stale']) {
    if (fields.has(flag) && fields.raw(flag) !== true) fields.refuse(flag, 'is true or absent')
  }
  return read(fields, name)
}

function read(fields: Fields, name: string): Effect {
  switch (name) {
    case 'error':
      return readError(fields)
    case 'status': {
      const body = fields.text('body')
      const part = afterBytes(fields)
      return {
        kind: 'status',
        status: status(fields),
        ...(body !== undefined && { body }),
        ...part,
      }
    }
    case 'stall':
      return { kind: 'stall', when: fields.choice('stall', MOMENTS) ?? 'before' }
    case 'reset': {
      const when = fields.choice('reset', MOMENTS) ?? 'before'
      return { kind: 'reset', when, ...afterBytes(fields) }
    }
    case 'truncate':
      if (fields.raw('truncate') === 'half') return { kind: 'truncate', bytes: 'half' }
      return { kind: 'truncate', bytes: fields.wholeNumber('truncate') ?? 0 }
    case 'bytesPerSecond':
      return { kind: 'slow', bytesPerSecond: fields.wholeNumber('bytesPerSecond', 1) ?? 1 }
    case 'expiredLogin':
      return { kind: 'expired-login', status: expiredLogin(fields) }
    case 'throttle':
    case 'malformed':
    case 'empty':
    case 'stale':
      return { kind: name }
    default:
      return { kind: 'late' }
  }
}

function readError(fields: Fields): Effect {
  const message = fields.text('message')
  return {
    kind: 'error',
    code: fields.requiredText('error'),
    ...(message !== undefined && { message }),
    ...(fields.has('status') && { status: status(fields) }),
  }
}

function checkDetails(fields: Fields, effect: string): void {
  if (fields.has('message') && effect !== 'error') fields.refuse('message', "goes with 'error'")
  if (fields.has('body') && effect !== 'status') fields.refuse('body', "goes with a bare 'status'")
  if (!fields.has('afterBytes')) return
  const fits = effect === 'status' || (effect === 'reset' && fields.raw('reset') === 'before')
  if (!fits || !fields.has('request')) {
    fields.refuse('afterBytes', "goes with 'request' and a bare 'status' or 'reset: before'")
  }
}

function afterBytes(fields: Fields): { afterBytes?: number } {
  const bytes = fields.wholeNumber('afterBytes')
  return bytes === undefined ? {} : { afterBytes: bytes }
}

function status(fields: Fields): number {
  const value = fields.wholeNumber('status', 200) ?? 500
  if (value > 599) fields.refuse('status', `is an HTTP status, 200 to 599, not ${String(value)}`)
  return value
}

function expiredLogin(fields: Fields): number {
  const value = fields.raw('expiredLogin')
  if (!fields.has('request')) fields.refuse('expiredLogin', "goes with 'request'")
  if (value !== 401 && value !== 403) fields.refuse('expiredLogin', 'is 401 or 403')
  return value === 403 ? 403 : 401
}
