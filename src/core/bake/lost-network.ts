import type { BakeTarget } from './definition.ts'

/** Whether the files speak of a build's network and the definition that was printed does not. */
export function losesNetwork(texts: readonly string[], targets: readonly BakeTarget[]): boolean {
  const isSet = texts.some((text) => /^[\s{,]*"?network"?\s*[:=]/m.test(text))
  return isSet && targets.every(({ members }) => members['network'] === undefined)
}
