/** A builder that is ready for builds. */
export interface Builder {
  readonly name: string
  /** As buildx names it. */
  readonly driver: string
}

/** Whether what is built stays in a Docker engine's own image store, under the name it is given. */
export function isEngine({ driver }: Pick<Builder, 'driver'>): boolean {
  return driver === 'docker'
}
