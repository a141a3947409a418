import type { PlacedAnnotation } from '../../image/annotations.ts'
import { readElements, splitPair } from './elements.ts'
import type { InputReader } from '../reader.ts'

/** What the user says of the image, besides what we say. */
export interface ImageMetadata {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: readonly PlacedAnnotation[]
}

export function readImageMetadata(reader: InputReader): ImageMetadata {
  return {
    labels: Object.fromEntries(pairs(reader, 'labels')),
    annotations: pairs(reader, 'annotations').flatMap(([key, value]) => placed(reader, key, value)),
  }
}

function pairs(reader: InputReader, name: string): readonly (readonly [string, string])[] {
  return readElements(reader, name).flatMap((element) => {
    const pair = element.includes('=') ? splitPair(element) : undefined
    if (pair === undefined) reader.reject(name, 'is not key=value', element)
    return pair === undefined ? [] : [pair]
  })
}

const place = /^(manifest|index|manifest-descriptor|index-descriptor)(\[[\w/-]+\])?$/

/** `key`, or `places:key` as docker/metadata-action writes it: one annotation for each place. */
function placed(reader: InputReader, text: string, value: string): readonly PlacedAnnotation[] {
  const colon = text.indexOf(':')
  const places = colon < 0 ? ['manifest'] : text.slice(0, colon).split(',')
  const key = text.slice(colon + 1)
  if (key !== '' && places.every((name) => place.test(name))) {
    return places.map((name) => ({ place: name, key, value }))
  }
  reader.reject(
    'annotations',
    'has a place that is none of manifest, index and their descriptors',
    text,
  )
  return []
}
