import { compileTemplate, type Template } from './template.ts'

/** The parts of a version, as the expressions of a `pattern` name them. */
export interface VersionParts {
  readonly raw: string
  readonly version: string
  readonly major: number
  readonly minor: number
  readonly patch: number
}

const expressions: Readonly<Record<string, Template<VersionParts>>> = {
  raw: ({ raw }) => raw,
  version: ({ version }) => version,
  major: ({ major }) => String(major),
  minor: ({ minor }) => String(minor),
  patch: ({ patch }) => String(patch),
}

/** The `pattern` of a rule for versions, and whether it names one version alone. */
export interface VersionTemplate {
  readonly render: Template<VersionParts>
  readonly full: boolean
}

/** @throws TagRuleError naming the expression that is not known. */
export function compileVersionTemplate(pattern: string): VersionTemplate {
  const used = new Set<string>()
  const render = compileTemplate(pattern, (expression) => {
    used.add(expression)
    return Object.hasOwn(expressions, expression) ? expressions[expression] : undefined
  })
  const inParts = ['major', 'minor', 'patch'].every((part) => used.has(part))
  return { render, full: inParts || used.has('version') || used.has('raw') }
}
