import { logicalLines } from './logical-lines.ts'

/**
 * Whether a Dockerfile says that it reads what git records besides the commit: it copies or mounts
 * `.git`, or asks git for tags, branches, or more commits than one, all of which depend on the depth
 * and the time of the checkout. Not seen is what a tool or a script reads of a `.git` that `COPY . .`
 * brought along, and a command in exec form (`RUN ["git", "describe"]`).
 */
export function readsGitRecords(dockerfile: string): boolean {
  return logicalLines(dockerfile).some((line) => takesFolder(line) || asksGit(line))
}

/** `COPY .git …`, `ADD ./.git/HEAD …`, `RUN --mount=type=bind,source=.git,… …`. */
function takesFolder(line: string): boolean {
  const copied = /^\s*(?:COPY|ADD)\s/i.test(line) ? [line.replaceAll(/--exclude=\S+/g, '')] : []
  const places = [...copied, ...(line.match(/--mount=\S+/g) ?? [])]
  return places.some((place) => /[\s=,"'[/]\.git(?=$|[\s,"'\]/])/.test(place))
}

/** `git`, and at most eight options of its own; linear in time. */
const git = String.raw`\bgit\s+(?:-[cC]\s+[^\s-]\S*\s+|-\S+\s+){0,8}`

/** What tells of more than one commit, whatever follows. */
const question = new RegExp(
  String.raw`${git}(?:describe|tag|branch|name-rev|rev-list|for-each-ref|show-ref|symbolic-ref|shortlog|rev-parse\s+--(?:abbrev-ref|symbolic))\b`,
)
const log = new RegExp(String.raw`${git}log\b`)
const commits = new RegExp(String.raw`${git}(?:log|show)\b`)

/** What a log says of tags and branches; `%d` is also the day of a date. */
const decoration =
  /%[dDS]|%\((?:describe|decorate)|\s--(?:decorate(?!=no)|tags|branches|remotes|all|source|simplify-by-decoration)\b/
const dateFormat = /\s--date[= ]\S+/g
const onlyOne = /\s(?:-1|-n\s*1|--max-count[= ]1)(?=[\s'"`>]|$)/

function asksOfMore(command: string): boolean {
  if (question.test(command)) return true
  if (log.test(command) && !onlyOne.test(command)) return true
  return commits.test(command) && decoration.test(command.replaceAll(dateFormat, ''))
}

/**
 * Whether one of a line's commands asks git about this repository, and not about one that an earlier
 * command cloned or made, as far as `cd`, `git -C` and `git --git-dir` tell: where that is in doubt, it does.
 */
function asksGit(line: string): boolean {
  if (/^\s*(?:LABEL|ENV|ARG)\s/i.test(line)) return false
  const cloned = new Set<string>()
  const outer: boolean[] = []
  let away = false
  for (const part of line.split(/(&&|\|\|?|;|(?<!%)\(|\))/)) {
    if (part === '(') outer.push(away)
    else if (part === ')') away = outer.pop() ?? away
    else {
      away = leadsAway(directory.exec(part)?.[1], cloned, away)
      if (asksOfMore(part) && !leadsAway(gitDirectory.exec(part)?.[1], cloned, away)) return true
      for (const place of placesOf(part)) cloned.add(place)
      away ||= cloned.has('.')
    }
  }
  return false
}

const directory = /(?:^|\s)(?:cd|pushd)\s+(\S+)/
const gitDirectory = /\bgit\s+(?:-c\s+\S+\s+|--\S+\s+){0,8}?(?:-C\s*|--git-dir[=\s])(\S+)/

/** Whether one is in a cloned repository once one has gone to `target`, by its name. */
function leadsAway(
  target: string | undefined,
  cloned: ReadonlySet<string>,
  away: boolean,
): boolean {
  if (target === undefined) return away
  const path = plain(target)
  const isCloned = [...cloned].some((place) => path === place || path.startsWith(`${place}/`))
  return isCloned || (away && !/^(?:-|\/|~|\$|\.\.)/.test(path))
}

/** The words behind `git clone` or `git init`, one of which names the folder, if only at its end. */
function placesOf(command: string): readonly string[] {
  const [, made, words] = making.exec(command) ?? []
  if (made === undefined || words === undefined) return []
  return words.split(/\s+/).flatMap((word) => {
    const path = plain(word)
    if (path === '' || path.startsWith('-')) return []
    // To begin a repository anew that is there changes none of its records.
    if (path === '.') return made === 'clone' ? ['.'] : []
    return [path, path.replace(/^.*[/:]/, '').replace(/\.git$/, '')]
  })
}

const making = new RegExp(String.raw`${git}(clone|init)\s+(.*)$`)

/** A path as a shell has it, without `./` before it and `/` behind it. */
function plain(word: string): string {
  return word
    .replaceAll(/["']/g, '')
    .replace(/^\.\/(?=.)/, '')
    .replace(/(?<=[^/])\/$/, '')
}
