/** Which of the calls that a fault matches it hits; without a member all of them. */
export interface Occurrence {
  /** The n-th call, or the listed ones; the first is 1. */
  readonly nth?: number | readonly number[]
  /** The first n calls. */
  readonly first?: number
  /** Each n-th call: 3 is the third, the sixth and so on. */
  readonly every?: number
}

/**
 * One thing that goes wrong, as data: which calls it hits, and one effect. The rules are FAULT-1 to
 * FAULT-16 of `simulator/SPEC.md`.
 */
export interface Fault extends Occurrence {
  /** For the request log and for hits; made of the call and the effect when absent. */
  readonly name?: string
  /** `ecs:RegisterTaskDefinition`, `ecr:Batch*`; `*` and `?` are wildcards. */
  readonly call?: string
  /** A request to the registry, by verb and path: `PATCH /v2/shop/api/blobs/uploads/?*`. */
  readonly request?: string
  /** The answer, whatever it is, is held back for so long on the simulator's clock. */
  readonly latencyMs?: number

  /** AWS refuses with this code; the call is not performed. */
  readonly error?: string
  /** The text of the refusal; default: AWS's own for codes that are well known. */
  readonly message?: string
  /** The HTTP status of `error`, or alone: a bare answer of a proxy or a load balancer. */
  readonly status?: number
  /** The body of a bare `status`; default: none. */
  readonly body?: string
  /** The service's own refusal of too many requests. */
  readonly throttle?: true
  /** No answer ever: the call is not performed, or it is. */
  readonly stall?: 'before' | 'after'
  /** The connection is reset: the call is not performed, or it is and its answer is lost. */
  readonly reset?: 'before' | 'after'
  /** With a bare `status` or `reset: before`: so many bytes of the request's body arrive first. */
  readonly afterBytes?: number
  /** The connection ends after so many bytes of the answer's body. */
  readonly truncate?: number | 'half'
  /** The answer is whole by HTTP, and its body breaks off in the middle. */
  readonly malformed?: true
  /** 200 and nothing else; the call is performed. */
  readonly empty?: true
  /** The last true answer to the same call is given again; the call is not performed. */
  readonly stale?: true
  /** Bodies travel at this pace in both directions, on the simulator's clock. */
  readonly bytesPerSecond?: number
  /** What the registry says of a login that has expired, instead of ECR's text: a bare status. */
  readonly expiredLogin?: 401 | 403
}

/** What goes wrong; of several faults that hit one call the first one takes effect. */
export type FaultPlan = readonly Fault[]
