/** What a fault does, once its plan has been read. */
export type Effect =
  | { readonly kind: 'late' }
  | {
      readonly kind: 'error'
      readonly code: string
      readonly message?: string
      readonly status?: number
    }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly body?: string
      readonly afterBytes?: number
    }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'stall'; readonly when: 'before' | 'after' }
  | { readonly kind: 'reset'; readonly when: 'before' | 'after'; readonly afterBytes?: number }
  | { readonly kind: 'truncate'; readonly bytes: number | 'half' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  | { readonly kind: 'expired-login'; readonly status: number }

/** A fault that was read: which calls it matches, which of them it hits, and how. */
export interface Rule {
  readonly name: string
  /** Whether a request is one of those that the fault counts. */
  matches(service: string, operation: string, request: string | undefined): boolean
  /** Whether the `occurrence`-th of them, the first being 1, is hit. */
  isDue(occurrence: number): boolean
  readonly latencyMs: number
  readonly effect: Effect
}
