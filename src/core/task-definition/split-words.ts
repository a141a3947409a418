/** Why a text is no list of words. */
export type UnsplitReason =
  'an open single quote' | 'an open double quote' | 'a backslash at its end'

/**
 * Splits a text into words with the quoting of the POSIX shell (2.2 Quoting) and nothing else of
 * it: `$`, `*`, `~`, `|` and `;` are letters. Between single quotes everything stands for itself;
 * between double quotes a backslash quotes only `$`, a back-quote, `"`, `\` and the end of a line;
 * elsewhere it quotes any character. A quoted end of a line is nothing.
 * @returns the words, or what is open at the end.
 */
export function splitWords(text: string): readonly string[] | UnsplitReason {
  const words: string[] = []
  let word: string | undefined
  let quote: '"' | "'" | undefined
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (quote === undefined && /\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (quote === letter) {
      quote = undefined
    } else if (quote === undefined && (letter === '"' || letter === "'")) {
      quote = letter
      word ??= ''
    } else if (letter === '\\' && quote !== "'") {
      const next = text.charAt(at + 1)
      if (next === '') return 'a backslash at its end'
      const quoted = quote === undefined || /[$`"\\\n]/.test(next)
      if (next !== '\n') word = (word ?? '') + (quoted ? next : `\\${next}`)
      at += 1
    } else {
      word = (word ?? '') + letter
    }
  }
  if (quote !== undefined) return `an open ${quote === '"' ? 'double' : 'single'} quote`
  return word === undefined ? words : [...words, word]
}
