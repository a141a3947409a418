import { type JsonObject, ServiceError } from '../wire/service.ts'

/** The boolean in `name`; undefined when it is absent or null. Refuses another type. */
export function flagMember(input: JsonObject, name: string): boolean | undefined {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'boolean') {
    throw new ServiceError('SerializationException', `${name} can not be read as a Boolean`)
  }
  return value
}
