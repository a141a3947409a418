import type { Json } from './service.ts'

/** One request to any of the simulated services, in order of arrival. */
export interface RequestRecord {
  readonly requestId: string
  /** The simulator's time, in milliseconds since the Unix epoch. */
  readonly atMs: number
  /** ARN of the caller; undefined for anonymous requests and unknown keys. */
  readonly caller?: string | undefined
  /** `ecs`, `ecr`, `sts`, `logs`, `registry` (the `/v2/` front), `layers` (their bucket), `oidc` or `github`. */
  readonly service: string
  /** The API operation's name; for the registry the IAM action's. */
  readonly operation: string
  readonly input: Json
  /** The HTTP status; undefined while the request is being answered or when it was cut off. */
  readonly status?: number | undefined
  readonly errorCode?: string | undefined
  /** The name of the fault that hit it. */
  readonly fault?: string | undefined
}

/** What of an answer is noted. */
export type Completion = Pick<RequestRecord, 'status' | 'errorCode' | 'fault'>

/** Everything that was asked of the simulator since its start or the last `clear`. */
export class RequestLog {
  #records: RequestRecord[] = []

  /** Notes a request that arrived; the function that is returned completes the note. */
  open(record: RequestRecord): (completion: Completion) => void {
    const index = this.#records.push(record) - 1
    const records = this.#records
    return ({ status, errorCode, fault }) => {
      records[index] = { ...record, status, errorCode, ...(fault !== undefined && { fault }) }
    }
  }

  /** Requests so far; narrowed to a service or to an operation when they are given. */
  list(service?: string, operation?: string): readonly RequestRecord[] {
    return this.#records.filter(
      (record) =>
        (service === undefined || record.service === service) &&
        (operation === undefined || record.operation === operation),
    )
  }

  clear(): void {
    this.#records = []
  }
}
