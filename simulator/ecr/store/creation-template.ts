import type { RepositorySettings } from './repository.ts'

const PURPOSES = ['PULL_THROUGH_CACHE', 'REPLICATION', 'CREATE_ON_PUSH'] as const

/** What may create the repository by itself. */
export type TemplatePurpose = (typeof PURPOSES)[number]

export function isTemplatePurpose(text: string): text is TemplatePurpose {
  return PURPOSES.some((purpose) => purpose === text)
}

/** A template that lets a push create the repository. */
export interface CreationTemplate {
  /** Repositories `<prefix>/…`; `ROOT` covers all that no other template covers. */
  readonly prefix: string
  readonly appliedFor: readonly TemplatePurpose[]
  readonly description?: string
  /** Simulator's time in milliseconds. */
  readonly createdAtMs?: number
  readonly settings?: Partial<RepositorySettings>
}

/** The template for a push to `name`: the longest matching prefix wins, ROOT comes last. */
export function templateForPush(
  templates: readonly CreationTemplate[],
  name: string,
): CreationTemplate | undefined {
  return templates
    .filter(({ appliedFor }) => appliedFor.includes('CREATE_ON_PUSH'))
    .filter(({ prefix }) => prefix === 'ROOT' || name.startsWith(`${prefix}/`))
    .sort((a, b) => rank(b) - rank(a))[0]
}

function rank({ prefix }: CreationTemplate): number {
  return prefix === 'ROOT' ? 0 : prefix.length
}
