import { logicalLines } from './logical-lines.ts'

/**
 * Whether a Dockerfile says that it reads what git records besides the commit: it copies or mounts
 * `.git`, or asks git for tags, branches or the number of commits, all of which depend on the depth
 * and the time of the checkout. What a tool reads of a `.git` that `COPY . .` brought along is not said.
 */
export function readsGitRecords(dockerfile: string): boolean {
  return logicalLines(dockerfile).some((line) => takesFolder(line) || asksGit(line))
}

/** `COPY .git …`, `ADD ./.git/HEAD …`, `RUN --mount=type=bind,source=.git,… …`. */
function takesFolder(line: string): boolean {
  const places = /^\s*(?:COPY|ADD)\s/i.test(line) ? [line] : (line.match(/--mount=\S+/g) ?? [])
  return places.some((place) => /[\s=,"'[/]\.git(?=$|[\s,"'\]/])/.test(place))
}

/** `git`, at most eight options of its own, and what tells of more than one commit; linear in time. */
const question =
  /\bgit\s+(?:-[cC]\s+[^\s-]\S*\s+|-\S+\s+){0,8}(?:describe|tag|branch|name-rev|rev-list|for-each-ref|show-ref|symbolic-ref|shortlog|rev-parse\s+--(?:abbrev-ref|symbolic))\b/

/** A line that clones is about another repository. */
function asksGit(line: string): boolean {
  return !/\bgit\s+(?:clone|init)\b/.test(line) && question.test(line)
}
