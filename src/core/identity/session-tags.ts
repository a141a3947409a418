/** A session tag as STS takes it. */
export interface SessionTag {
  readonly Key: string
  readonly Value: string
}

/** The tags of a role session, as configure-aws-credentials sets them. */
export interface SessionTags {
  /** Policies rely on these: they are never left out. */
  readonly firm: readonly SessionTag[]
  /** Left out where the session's policies and tags together are too large for STS. */
  readonly droppable: readonly SessionTag[]
}

const firmVariables = {
  Repository: 'GITHUB_REPOSITORY',
  Workflow: 'GITHUB_WORKFLOW',
  Action: 'GITHUB_ACTION',
  Actor: 'GITHUB_ACTOR',
  Commit: 'GITHUB_SHA',
  Branch: 'GITHUB_REF',
} as const

const droppableVariables = {
  EventName: 'GITHUB_EVENT_NAME',
  BaseRef: 'GITHUB_BASE_REF',
  HeadRef: 'GITHUB_HEAD_REF',
  RunId: 'GITHUB_RUN_ID',
  Job: 'GITHUB_JOB',
  TriggeringActor: 'GITHUB_TRIGGERING_ACTOR',
} as const

/** What STS takes in a tag's value (AWS STS API reference, `Tag`). */
const forbidden = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu
const longestValue = 256

/** The tags of a session that this job opens, from the runner's variables; empty ones are left out. */
export function sessionTags(variables: Readonly<Record<string, string | undefined>>): SessionTags {
  const read = (names: Readonly<Record<string, string>>): readonly SessionTag[] =>
    Object.entries(names).flatMap(([Key, variable]) => {
      const Value = tagValue(variables[variable] ?? '')
      return Value === '' ? [] : [{ Key, Value }]
    })
  return {
    firm: [{ Key: 'GitHub', Value: 'Actions' }, ...read(firmVariables)],
    droppable: read(droppableVariables),
  }
}

/** By code points: half a surrogate pair would be refused. */
function tagValue(text: string): string {
  const allowed = text.replaceAll(forbidden, '_')
  if (allowed.length <= longestValue) return allowed
  let value = ''
  for (const character of allowed) {
    if (value.length + character.length > longestValue) break
    value += character
  }
  return value
}
