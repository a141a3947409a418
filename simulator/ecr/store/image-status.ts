import type { StoredImage } from './repository.ts'

export type ImageStatus = 'ACTIVE' | 'ARCHIVED' | 'ACTIVATING'

/** Where an image is: an archived one comes back over ACTIVATING. */
export function imageStatus({ archivedAtMs, activeAtMs }: StoredImage, nowMs: number): ImageStatus {
  if (archivedAtMs === undefined) return 'ACTIVE'
  if (activeAtMs === undefined || activeAtMs < archivedAtMs) return 'ARCHIVED'
  return nowMs < activeAtMs ? 'ACTIVATING' : 'ACTIVE'
}
