import type { EngineParts } from '../engine/task-launch.ts'
import type { Scheduler } from '../engine/scheduler.ts'
import type { ImageResolver } from '../image-resolver.ts'
import type { Store } from '../store.ts'

/** What the operations work with. */
export interface Api extends EngineParts {
  readonly alarms: Set<string>
  readonly store: Store
  readonly scheduler: Scheduler
  readonly images: ImageResolver | undefined
}
