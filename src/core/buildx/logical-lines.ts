/** The lines of a Dockerfile without comments; those that go on behind a backslash are one. */
export function logicalLines(dockerfile: string): readonly string[] {
  return dockerfile
    .split(/\r?\n/)
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\[ \t]*\n/g, ' ')
    .split('\n')
}
