import type { EcsWorld } from './ecs-world.ts'

/** Once, at the first rest after so long. */
export function after(world: EcsWorld, seconds: number, act: () => unknown): void {
  const fromMs = world.clock.monotonicMs() + seconds * 1000
  world.clock.onRest = async (nowMs) => {
    if (nowMs < fromMs) return
    world.clock.onRest = () => undefined
    await act()
  }
}
