import type { EnginePush } from '../../core/buildx/builder/docker-engine.ts'
import type { Platform } from '../../core/image/platform.ts'
import type { BuilderInputs } from '../../core/inputs/build/builder.ts'

/** What a builder is prepared for. */
export interface BuilderNeeds {
  readonly builder: BuilderInputs
  readonly build: { readonly platforms: readonly Platform[] }
  /** Absent: nothing is pushed. */
  readonly push?: EnginePush
}
