import type { Mode } from '../mode.ts'
import type { InputReader } from '../reader.ts'
import type { Attestations } from './attestations.ts'

/** Whether the image goes into the job's Docker engine, too. A leg or a joined image never does. */
export function readLoad(reader: InputReader, mode: Mode): boolean {
  const load = reader.boolean('load')
  if (load && reader.given('bake-files')) {
    reader.reject('load', 'is for the image of one Dockerfile, and bake-files are given')
  }
  return load && mode === 'release'
}

/**
 * An image that is only loaded has no attestations unless they are asked for: an engine without the
 * containerd store takes none.
 */
export function attestationsOf(
  reader: InputReader,
  load: boolean,
  attestations: Attestations,
): Attestations {
  const loadedOnly = load && !reader.boolean('push')
  if (!loadedOnly || reader.given('provenance')) return attestations
  return { ...attestations, provenance: attestations.provenance && 'false' }
}
