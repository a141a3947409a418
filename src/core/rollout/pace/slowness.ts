/** How much slower than usual a run looks, for ECS throttles it. All its services share it. */
export interface Slowness {
  /** Rounds of looks in a row in which one was throttled: each doubles the rest. */
  readonly level: number
  /** When the level was last raised, and set back. */
  readonly raisedAtMs: number
  readonly easedAtMs: number
  /** The level before it was set back. */
  readonly easedFrom: number
}

export const atEase: Slowness = {
  ...{ level: 0, raisedAtMs: -Infinity },
  ...{ easedAtMs: -Infinity, easedFrom: 0 },
}

/** After a look that was throttled. The looks of one round count once, also beside good ones. */
export function slowDown(slowness: Slowness, beganAtMs: number, nowMs: number): Slowness {
  if (beganAtMs <= slowness.raisedAtMs) return slowness
  const before = beganAtMs <= slowness.easedAtMs ? slowness.easedFrom : slowness.level
  return { ...slowness, level: before + 1, raisedAtMs: nowMs }
}

/** After a look that was answered, one that began before the last throttled one aside. */
export function ease(slowness: Slowness, beganAtMs: number, nowMs: number): Slowness {
  if (beganAtMs <= slowness.raisedAtMs || beganAtMs <= slowness.easedAtMs) return slowness
  return { ...slowness, level: 0, easedAtMs: nowMs, easedFrom: slowness.level }
}
