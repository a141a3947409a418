import { InputErrors } from '../../errors/action-error.ts'
import type { PlacedAnnotation } from '../../image/annotations.ts'
import type { TagFacts } from '../../image/naming/tag-rules/tag-facts.ts'
import { TagRuleError } from '../../image/naming/tag-rules/tag-rule-error.ts'
import { fillInKnown, unknownExpressions } from '../../image/naming/tag-rules/template.ts'
import { readElements, splitPair } from './elements.ts'
import { isAnnotationPlace } from './metadata-variables.ts'
import type { InputReader } from '../reader.ts'

/**
 * What the user says of the image, besides what we say. Values hold expressions until
 * {@link fillMetadata} fills them in; braces that are no expression are text.
 */
export interface ImageMetadata {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: readonly PlacedAnnotation[]
  /** Before expressions were filled in; undefined where none were. */
  readonly written?: ImageMetadata
}

/** @param places Where annotations go that do not say it themselves. */
export function readImageMetadata(
  reader: InputReader,
  places: readonly string[] = ['manifest'],
): ImageMetadata {
  return {
    labels: Object.fromEntries(pairs(reader, 'labels')),
    annotations: pairs(reader, 'annotations').flatMap(([key, value]) =>
      placed(reader, [key, value], places),
    ),
  }
}

/** With the expressions of docker/metadata-action filled in. @throws InputErrors */
export function fillMetadata(written: ImageMetadata, facts: TagFacts): ImageMetadata {
  const { labels, annotations } = written
  const fill = (input: string, value: string): string => {
    try {
      return fillInKnown(value, facts)
    } catch (error) {
      if (!(error instanceof TagRuleError)) throw error
      throw new InputErrors([{ input, value, message: error.message }])
    }
  }
  return {
    labels: Object.fromEntries(
      Object.entries(labels).map(([key, value]) => [key, fill('labels', value)]),
    ),
    annotations: annotations.map((annotation) => ({
      ...annotation,
      value: fill('annotations', annotation.value),
    })),
    written,
  }
}

/** What may be meant as an expression and stays as it is, told once for each key. */
export function describeUnfilled({ labels, annotations }: ImageMetadata): readonly string[] {
  const values = [
    ...Object.entries(labels).map(([key, value]) => ({ input: 'labels', key, value })),
    ...annotations.map(({ key, value }) => ({ input: 'annotations', key, value })),
  ]
  const told = values.flatMap(({ input, key, value }) => {
    const [first] = unknownExpressions(value)
    return first === undefined ? [] : [`${input}: "${key}" keeps "${first}" as it is`]
  })
  return [...new Set(told)]
}

function pairs(reader: InputReader, name: string): readonly (readonly [string, string])[] {
  return readElements(reader, name).flatMap((element) => {
    const pair = element.includes('=') ? splitPair(element) : undefined
    if (pair === undefined) reader.reject(name, 'is not key=value', element)
    return pair === undefined ? [] : [pair]
  })
}

/** `key`, or `places:key` as docker/metadata-action writes it: one annotation for each place. */
function placed(
  reader: InputReader,
  [text, value]: readonly [string, string],
  unplaced: readonly string[],
): readonly PlacedAnnotation[] {
  const colon = text.indexOf(':')
  const places = colon < 0 ? unplaced : text.slice(0, colon).split(',')
  const key = text.slice(colon + 1)
  if (key !== '' && places.every(isAnnotationPlace)) {
    return places.map((name) => ({ place: name, key, value }))
  }
  reader.reject(
    'annotations',
    'has a place that is none of manifest, index and their descriptors',
    text,
  )
  return []
}
