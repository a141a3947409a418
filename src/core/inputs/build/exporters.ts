import { csvFields } from '../../buildx/csv-fields.ts'
import { attributesOf, type Attributes } from './elements.ts'
import type { InputReader } from '../reader.ts'

const types = ['local', 'tar', 'oci'] as const

/**
 * `outputs`, one per line: exporters that write files beside the push. What was judged is what is
 * written again for buildx, so that both read the same.
 */
export function readExporters(reader: InputReader): readonly string[] {
  return reader.lines('outputs').flatMap((line) => {
    const attributes = parseExporter(line)
    const problem = attributes === undefined ? 'is not type=local,dest=folder' : faultOf(attributes)
    if (problem !== undefined) reader.reject('outputs', problem, line)
    return problem === undefined && attributes !== undefined
      ? csvFields(attributes.map(([key, value]) => `${key}=${value}`))
      : []
  })
}

function parseExporter(line: string): Attributes | undefined {
  // As buildx reads it: a bare path is a folder.
  if (!/[=,"]/.test(line)) {
    return [
      ['type', 'local'],
      ['dest', line],
    ]
  }
  return attributesOf(line)
}

function faultOf(attributes: Attributes): string | undefined {
  const given = new Map(attributes)
  const type = given.get('type') ?? ''
  const destination = given.get('dest') ?? ''
  if (given.size < attributes.length) return 'has an attribute twice'
  if (given.has('')) return 'has an attribute without a name'
  if (type === 'image' || type === 'registry') {
    return 'is an image to push; the image of this run is pushed to `repository`, and to nowhere else'
  }
  if (!types.some((known) => known === type)) return `is none of ${types.join(', ')}`
  return destination === '' || destination === '-'
    ? 'has no dest: it would be written into the log'
    : undefined
}
