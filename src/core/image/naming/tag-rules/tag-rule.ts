/** A text with `{{expressions}}`, all of which are known: rules are data, filled in when they are carried out. */
export type TemplateText = string

/** A regular expression that is taken: `v(.*)` or `/v(.*)/i`. */
export type PatternText = string

/** What a rule makes a tag of. */
export type TagSource =
  | { readonly type: 'ref'; readonly event: 'branch' | 'tag' | 'pr' }
  | {
      readonly type: 'semver' | 'pep440'
      readonly pattern: TemplateText
      readonly value: TemplateText | undefined
      readonly match: PatternText | undefined
    }
  | {
      readonly type: 'match'
      readonly pattern: PatternText
      readonly group: number
      readonly value: TemplateText | undefined
    }
  | { readonly type: 'sha'; readonly format: 'short' | 'long' }
  | { readonly type: 'raw'; readonly value: TemplateText }
  | { readonly type: 'edge'; readonly branch: TemplateText | undefined }
  | { readonly type: 'schedule'; readonly pattern: TemplateText }

/** One line of `tags`, in docker/metadata-action's grammar. */
export interface TagRule {
  /** As written, for messages. */
  readonly text: string
  readonly source: TagSource
  /** Rules of higher priority come first. */
  readonly priority: number
  readonly enable: TemplateText
  /** Undefined: the flavor's. */
  readonly prefix: TemplateText | undefined
  readonly suffix: TemplateText | undefined
}

/** What holds for all rules: `flavor`. */
export interface Flavor {
  /** `auto`: the first tag decides. */
  readonly latest: 'auto' | 'true' | 'false'
  readonly prefix: TemplateText
  readonly suffix: TemplateText
  /** Whether `latest` gets them, too. */
  readonly prefixLatest: boolean
  readonly suffixLatest: boolean
}

/** The inputs `tags` and `flavor`, understood. */
export interface TagRules {
  readonly rules: readonly TagRule[]
  readonly flavor: Flavor
  /** Digits of a short commit; 7 unless given. */
  readonly shortShaLength?: number | undefined
}
