import { isObject, parseJson } from '../../wire/json.ts'
import { numberMember, objectsMember, stringMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { flagMember } from '../flag-member.ts'

/** How a container behaves. Times in milliseconds, each from the end of the step before. */
export interface Behaviour {
  /** Until the image is there; 1500 when nothing is said. */
  readonly pullMs?: number
  /** Until the container runs; 1000 when nothing is said. */
  readonly startMs?: number
  /** Until its health check first passes; 3000 when nothing is said. */
  readonly healthyAfterMs?: number
  /** Its health check fails for good, then. */
  readonly unhealthyAfterMs?: number
  /** It never passes its health check, nor fails it. */
  readonly neverHealthy?: boolean
  /** It ends by itself, then, with `exitCode` (0 when nothing is said) and `exitReason`. */
  readonly exitsAfterMs?: number
  readonly exitCode?: number
  readonly exitReason?: string
  /** The whole task never starts: `CannotPullContainerError: …`. */
  readonly failsToPull?: string
  /** What a load balancer finds wrong with it: `Health checks failed with these codes: [502]`. */
  readonly failsTargetChecks?: string
  /** What it writes as soon as it runs. */
  readonly logLines?: readonly string[]
  /** From SIGTERM to its end; 1000 when nothing is said. */
  readonly stopsAfterMs?: number
}

/** The environment variable that carries a container's behaviour as JSON, over any rule. */
export const behaviourVariable = 'SIMULATOR_BEHAVIOUR'

/**
 * The behaviour that a container definition's environment carries. One that cannot be read keeps
 * the task from starting, and says so where a client looks.
 */
export function behaviourFromEnvironment(container: JsonObject): Behaviour | undefined {
  const variables = objectsMember(container, 'environment') ?? []
  const variable = variables.find((one) => stringMember(one, 'name') === behaviourVariable)
  const json = variable && stringMember(variable, 'value')
  if (json === undefined) return undefined
  try {
    return parseBehaviour(json)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return { failsToPull: `ResourceInitializationError: ${behaviourVariable}: ${said}` }
  }
}

const numbers = [
  'pullMs',
  'startMs',
  'healthyAfterMs',
  'unhealthyAfterMs',
  'exitsAfterMs',
  'exitCode',
  'stopsAfterMs',
] as const
const strings = ['exitReason', 'failsToPull', 'failsTargetChecks'] as const

function parseBehaviour(text: string): Behaviour {
  const json = parseJson(text)
  if (!isObject(json)) throw new Error('not a JSON object')
  const behaviour: { -readonly [Member in keyof Behaviour]: Behaviour[Member] } = {}
  for (const name of numbers) {
    const value = numberMember(json, name)
    if (value !== undefined) behaviour[name] = value
  }
  for (const name of strings) {
    const value = stringMember(json, name)
    if (value !== undefined) behaviour[name] = value
  }
  const neverHealthy = flagMember(json, 'neverHealthy')
  if (neverHealthy !== undefined) behaviour.neverHealthy = neverHealthy
  const logLines = stringsMember(json, 'logLines')
  return logLines === undefined ? behaviour : { ...behaviour, logLines }
}
