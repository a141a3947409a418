/**
 * What is to be masked for a secret: the runner masks line by line, so each of its lines. Of several
 * lines those without a letter or digit tell nothing (the braces of JSON); masked, they would hide
 * every brace of the log, and GitHub drops a job's output that holds a masked text. Whoever prints such
 * a secret may indent it anew.
 */
export function maskedTexts(secret: string): readonly string[] {
  const lines = secret.split(/\r\n|\r|\n/).flatMap((line) => line.trim() || [])
  return lines.length === 1 ? lines : lines.filter((line) => /[\p{L}\p{N}]/u.test(line))
}
