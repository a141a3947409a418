interface Rule {
  readonly negated: boolean
  /** Undefined: a form that is not understood here (`[a-z]`, `\`). */
  readonly pattern: RegExp | undefined
}

/**
 * Whether a `.dockerignore` surely keeps a path out of the build context. Doubt counts as no: what
 * is not understood might be sent. (Rules: docs.docker.com/build/concepts/context, dockerignore.)
 * @param path Relative to the context; one that ends in `/` stands for all that is below it.
 */
export function isSurelyIgnored(path: string, ignoreFile: string): boolean {
  const rules = ignoreFile.split(/\r?\n/).flatMap(parseRule)
  const wholeFolder = path.endsWith('/')
  // An exception may let something out of the folder.
  if (wholeFolder && rules.some((rule) => rule.negated)) return false
  const plain = path.replace(/\/$/, '')
  return rules.reduce((ignored, rule) => {
    const applies = rule.pattern?.test(plain) ?? rule.negated
    return applies ? !rule.negated : ignored
  }, false)
}

function parseRule(line: string): readonly Rule[] {
  const text = line.trim()
  if (text === '' || line.startsWith('#')) return []
  const negated = text.startsWith('!')
  const path = (negated ? text.slice(1) : text)
    .trim()
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
  if (path === '' || path === '.') return negated ? [{ negated, pattern: undefined }] : []
  const understood = !/[[\]\\]|\/\/|(^|\/)\.\.?(\/|$)/.test(path)
  return [{ negated, pattern: understood ? toRegExp(path) : undefined }]
}

/** A pattern also matches everything below what it names. */
function toRegExp(path: string): RegExp {
  const source = path.replace(/\*\*\/?|[*?]|[.+^${}()|]/g, (token) => {
    if (token === '**/') return '(?:.*/)?'
    if (token === '**') return '.*'
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    return `\\${token}`
  })
  return new RegExp(`^${source}(?:/.*)?$`, 's')
}
