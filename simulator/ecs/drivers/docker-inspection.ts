import { isObject, parseJson } from '../../wire/json.ts'
import { objectMember, stringMember } from '../../wire/members.ts'

import { flagMember } from '../flag-member.ts'

/** What the engine says of a container. */
export interface Inspection {
  readonly startedAt: string
  readonly outOfMemory: boolean
  readonly address?: string
}

/** Reads `docker inspect --format '{{json .}}'`; undefined for anything else. */
export function readInspection(stdout: string): Inspection | undefined {
  let json
  try {
    json = parseJson(stdout)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  if (!isObject(json)) return undefined
  const state = objectMember(json, 'State') ?? {}
  const networks = objectMember(objectMember(json, 'NetworkSettings') ?? {}, 'Networks') ?? {}
  const addresses = Object.values(networks)
    .filter(isObject)
    .map((network) => stringMember(network, 'IPAddress'))
  const address = addresses.find((one) => one !== undefined && one !== '')
  return {
    startedAt: stringMember(state, 'StartedAt') ?? '',
    outOfMemory: flagMember(state, 'OOMKilled') ?? false,
    ...(address !== undefined && { address }),
  }
}
