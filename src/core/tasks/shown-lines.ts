import { objectAt, type JsonObject } from '../json.ts'

const usualLogLines = 20

/**
 * How many of a container's last lines may be shown. What it prints is for those who may read its
 * log, not for the world: where nothing was given, a public repository shows none.
 * @param event The payload of the run's event.
 */
export function shownLines(given: number | undefined, event: JsonObject): number {
  const isPublic = objectAt(event, 'repository')['private'] === false
  return given ?? (isPublic ? 0 : usualLogLines)
}
