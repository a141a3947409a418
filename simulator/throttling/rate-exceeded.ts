import type { Answer } from '../wire/answer.ts'
import type { Subject } from '../wire/dispatch.ts'
import { refuseAs } from '../wire/refusal.ts'
import { ServiceError } from '../wire/service.ts'

const FORMS: Readonly<Record<string, readonly [code: string, httpStatus: number]>> = {
  ecr: ['ThrottleException', 429],
  sts: ['Throttling', 400],
  registry: ['TOOMANYREQUESTS', 429],
  oidc: ['TooManyRequests', 429],
  github: ['RateLimited', 429],
}

/** Each service's own refusal of too many requests (THROTTLE-2). */
export function rateExceeded({ service, requestId }: Subject): Answer {
  const [code, httpStatus] = FORMS[service] ?? ['ThrottlingException', 400]
  return refuseAs(service, requestId, new ServiceError(code, 'Rate exceeded', httpStatus))
}
