import type { Answer } from './answer.ts'
import type { ServiceError } from './service.ts'
import { toXml } from './xml.ts'

/** A refusal in AWS JSON 1.1: `__type`, and `message` where there is one. */
export function refuseInJson(requestId: string, error: ServiceError): Answer {
  const message = error.message === '' ? {} : { message: error.message }
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': requestId,
  }
  const body = JSON.stringify({ __type: error.code, ...message, ...error.members })
  return { status: error.httpStatus, headers, body, errorCode: error.code }
}

/** A refusal in the AWS query protocol. */
export function refuseInXml(requestId: string, error: ServiceError, namespace: string): Answer {
  const body = toXml('ErrorResponse', namespace, {
    Error: {
      Type: error.httpStatus < 500 ? 'Sender' : 'Receiver',
      Code: error.code,
      Message: error.message,
    },
    RequestId: requestId,
  })
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }
  return { status: error.httpStatus, headers, body, errorCode: error.code }
}

const NAMESPACES: Readonly<Record<string, string>> = {
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
  elasticloadbalancing: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
}

/** A refusal in the words of whatever protocol `service` (a name of the request log) speaks. */
export function refuseAs(service: string, requestId: string, error: ServiceError): Answer {
  const { code, message, httpStatus } = error
  const namespace = NAMESPACES[service]
  if (namespace !== undefined) return refuseInXml(requestId, error, namespace)
  if (service === 'registry') {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'docker-distribution-api-version': 'registry/2.0',
    }
    const body = `${JSON.stringify({ errors: [{ code, message }] })}\n`
    return { status: httpStatus, headers, body, errorCode: code }
  }
  if (service === 'oidc' || service === 'github') {
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    const body = JSON.stringify({ message, status: String(httpStatus) })
    return { status: httpStatus, headers, body, errorCode: code }
  }
  return refuseInJson(requestId, error)
}
