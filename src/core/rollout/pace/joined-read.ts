import { batches } from '../../batches.ts'
import { objectsAt, stringAt, stringsAt, type JsonObject } from '../../json.ts'

/** A Describe call that takes several names at once (ECS API reference). */
export interface JoinedRead {
  /** The member of the input that lists the names. */
  readonly names: string
  /** As many at a time. */
  readonly most: number
  /** The member of the answer that lists what was found. */
  readonly found: string
  /** What each of these is named by. */
  readonly namedBy: readonly string[]
}

export const joinedReads = {
  describeServices: {
    ...{ names: 'services', most: 10 },
    ...{ found: 'services', namedBy: ['serviceName', 'serviceArn'] },
  },
  describeServiceDeployments: {
    ...{ names: 'serviceDeploymentArns', most: 20 },
    ...{ found: 'serviceDeployments', namedBy: ['serviceDeploymentArn'] },
  },
  describeServiceRevisions: {
    ...{ names: 'serviceRevisionArns', most: 20 },
    ...{ found: 'serviceRevisions', namedBy: ['serviceRevisionArn'] },
  },
} as const satisfies Readonly<Record<string, JoinedRead>>

/** The one name that `input` asks for; undefined where it asks for none or for several. */
export function onlyName({ names }: JoinedRead, input: JsonObject): string | undefined {
  const asked = stringsAt(input, names)
  return asked.length === 1 ? asked[0] : undefined
}

/** Inputs with equal keys differ in their names alone, and can be asked in one call. */
export function joinKey({ names }: JoinedRead, input: JsonObject): string {
  const others = Object.entries(input).filter(([member]) => member !== names)
  return JSON.stringify(others.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** One of the calls that questions were joined into. */
export interface JoinedInput {
  readonly names: readonly string[]
  readonly input: JsonObject
}

/** The inputs that ask for all the names, each name once, in as few calls as can be. */
export function joinedInputs(
  { names: member, most }: JoinedRead,
  input: JsonObject,
  asked: Iterable<string>,
): readonly JoinedInput[] {
  return batches([...new Set(asked)], most).map((names) => ({
    names,
    input: { ...input, [member]: names },
  }))
}

/** What a joined answer says of one name: as if it alone had been asked for. Nothing is rewritten. */
export function partFor(
  { found, namedBy }: JoinedRead,
  answer: JsonObject,
  name: string,
): JsonObject {
  // An answer without the list is none, for nobody.
  if (answer[found] === undefined) return answer
  const failures = objectsAt(answer, 'failures').filter((failure) => {
    const arn = stringAt(failure, 'arn')
    return arn === name || arn?.endsWith(`/${name}`) === true
  })
  return {
    ...answer,
    [found]: objectsAt(answer, found).filter((one) =>
      namedBy.some((member) => stringAt(one, member) === name),
    ),
    ...(answer['failures'] !== undefined && { failures }),
  }
}
