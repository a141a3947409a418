import type { InputReader } from '../reader.ts'

/** What is set in the variables that docker/metadata-action reads besides its inputs. */
export interface MetadataVariables {
  /** Digits of a short commit; undefined: as many as usual. */
  readonly shortShaLength: number | undefined
  /** Where annotations go that do not say it themselves. */
  readonly annotationPlaces: readonly string[]
}

const shortShaLengthName = 'DOCKER_METADATA_SHORT_SHA_LENGTH'
const annotationLevelsName = 'DOCKER_METADATA_ANNOTATIONS_LEVELS'

/** Its variables that change nothing here: what we do instead. */
const idle: Readonly<Record<string, string>> = {
  DOCKER_METADATA_PR_HEAD_SHA: 'the image of a pull request is always named after its head',
  DOCKER_METADATA_SET_OUTPUT_ENV: 'later steps read the outputs of this step',
}

const placePattern = /^(manifest|index|manifest-descriptor|index-descriptor)(\[[\w/-]+\])?$/

/** Whether an annotation can be put there: `manifest`, `index`, `manifest[linux/arm64]`, … */
export function isAnnotationPlace(text: string): boolean {
  return placePattern.test(text)
}

/** @param variables The job's, by name. */
export function readMetadataVariables(
  reader: InputReader,
  variables: ReadonlyMap<string, string>,
): MetadataVariables {
  const levels = (variables.get(annotationLevelsName) ?? '').split(',').map((text) => text.trim())
  const places = levels.filter((text) => text !== '')
  const wrong = places.find((text) => !isAnnotationPlace(text))
  if (wrong !== undefined) {
    reader.reject(annotationLevelsName, 'is none of manifest, index and their descriptors', wrong)
  }
  return {
    shortShaLength: readLength(reader, variables.get(shortShaLengthName) ?? ''),
    annotationPlaces: places.length > 0 && wrong === undefined ? places : ['manifest'],
  }
}

function readLength(reader: InputReader, text: string): number | undefined {
  if (text === '') return undefined
  const length = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (length >= 7 && length <= 40) return length
  reader.reject(shortShaLengthName, 'is not a whole number from 7 to 40', text)
  return undefined
}

/** What is to be said of variables that are set and change nothing. */
export function describeIdleVariables(variables: ReadonlyMap<string, string>): readonly string[] {
  return Object.entries(idle).flatMap(([name, instead]) =>
    (variables.get(name) ?? '') === '' ? [] : [`${name} changes nothing here: ${instead}`],
  )
}
