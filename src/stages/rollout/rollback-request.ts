/** What came of asking ECS to roll a deployment back. */
export type StopAnswer = StopSent | Refused

/** The request has, or may have, arrived; the record tells the rest. */
export type StopSent =
  /** ECS has taken the request, or is rolling back by itself. */
  | { readonly kind: 'requested' }
  /** The deployment has ended; its record tells how. */
  | { readonly kind: 'over' }
  /** No answer came to a request, and no look has shown it in the record yet. */
  | { readonly kind: 'lost'; readonly why: string }

/** Nothing of ours has arrived: the deployment goes on as it did. */
export interface Refused {
  readonly kind: 'refused'
  readonly why: string
  /** What makes the next request better, where that is known. */
  readonly remedy?: string
}

/** What is known of a request to roll a deployment back, at any moment of it. */
export type RollbackRequest =
  | StopAnswer
  /** It is on its way, and no answer has come. */
  | { readonly kind: 'sent' }

/** One that ECS has taken, or may have. */
export type StandingRequest = Exclude<RollbackRequest, Refused | { readonly kind: 'over' }>

/** Whether ECS may be rolling the deployment back, for all that is known of the request. */
export function mayGoOn(request: RollbackRequest | undefined): request is StandingRequest {
  return request !== undefined && request.kind !== 'over' && request.kind !== 'refused'
}

/** What becomes of the deployment, for the end of the log. */
export function describeRequest(request: RollbackRequest): string {
  switch (request.kind) {
    case 'requested':
      return 'ECS was asked to roll it back and goes on with that'
    case 'sent':
      return 'ECS was asked to roll it back; the answer was not awaited'
    case 'lost':
      return `ECS was asked to roll it back; whether it does is not known: ${request.why}`
    case 'over':
      return 'it had ended before it could be rolled back'
    case 'refused':
      return `it is not rolled back: ${request.why}`
  }
}
