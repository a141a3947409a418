/** The parts of a Signature Version 4 `Authorization` header. */
export interface Authorization {
  readonly accessKeyId: string
  /** `20260101` */
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  /** 64 hexadecimal digits. */
  readonly signature: string
}

const FORM = /^AWS4-HMAC-SHA256\s+(.+)$/
const SCOPE = /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/

/** Reads the header; undefined when it is not a complete Signature Version 4 header. */
export function parseAuthorization(header: string): Authorization | undefined {
  const fields = new Map<string, string>()
  for (const field of (FORM.exec(header)?.[1] ?? '').split(',')) {
    const [name = '', ...value] = field.trim().split('=')
    fields.set(name, value.join('='))
  }
  const [, accessKeyId, date, region, service] = SCOPE.exec(fields.get('Credential') ?? '') ?? []
  const signedHeaders = fields.get('SignedHeaders')
  const signature = fields.get('Signature')
  if (accessKeyId === undefined || date === undefined) return undefined
  if (region === undefined || service === undefined) return undefined
  if (signedHeaders === undefined || signature === undefined) return undefined
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: signedHeaders.split(';'),
    signature,
  }
}
