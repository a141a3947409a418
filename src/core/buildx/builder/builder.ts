/** A builder of a build. */
export interface Builder {
  readonly name: string
  /** As buildx names it; undefined in a plan, for a builder that only a run asks. */
  readonly driver: string | undefined
  /** How many machines it has; absent in a plan, where only a run asks. */
  readonly nodes?: number
}

/** Whether what is built stays in a Docker engine's own image store, under the name it is given. */
export function isEngine({ driver }: Pick<Builder, 'driver'>): boolean {
  return driver === 'docker'
}
