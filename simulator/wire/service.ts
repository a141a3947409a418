/** A JSON value as it travels: nothing is dropped, renamed or given a class. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [member: string]: Json
}

/** Who signed a request, as the simulator's IAM knows the access key. */
export interface Caller {
  readonly accessKeyId: string
  readonly accountId: string
  /** As GetCallerIdentity tells it: `arn:aws:sts::123456789012:assumed-role/deployer/session`. */
  readonly arn: string
  /** The region in the signature's credential scope. */
  readonly region: string
}

export interface Call {
  readonly caller: Caller
  readonly requestId: string
}

/** Answers one API operation. Refuses by throwing a {@link ServiceError}. */
export type Operation = (input: JsonObject, call: Call) => JsonObject | Promise<JsonObject>

/** A service that speaks AWS JSON 1.1: `X-Amz-Target: <targetPrefix>.<operation>`. */
export interface JsonService {
  /** Its name in the signature's credential scope and in IAM actions: `ecs`, `ecr`. */
  readonly signingName: string
  readonly targetPrefix: string
  readonly operations: Readonly<Record<string, Operation>>
}

/** What AWS answers when it refuses: a code, a text and an HTTP status. */
export class ServiceError extends Error {
  readonly code: string
  readonly httpStatus: number
  /** Further members of the error's body. */
  readonly members: JsonObject

  constructor(code: string, message: string, httpStatus = 400, members: JsonObject = {}) {
    super(message)
    this.name = 'ServiceError'
    this.code = code
    this.httpStatus = httpStatus
    this.members = members
  }
}
