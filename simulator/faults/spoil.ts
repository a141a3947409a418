import { chunksOf, type Answer } from '../wire/answer.ts'

/** The connection ends after `bytes` of the body; of a body of unknown length after none. */
export function truncated(answer: Answer, bytes: number | 'half'): Answer {
  return { ...answer, broken: { afterBytes: bytes === 'half' ? half(answer) : bytes } }
}

function half({ headers, body }: Answer): number {
  if (typeof body === 'string') return Math.floor(Buffer.byteLength(body) / 2)
  if (body instanceof Uint8Array) return Math.floor(body.byteLength / 2)
  return Math.floor(Number(headers['content-length'] ?? 0) / 2)
}

/** A whole message whose body breaks off in the middle, as a proxy with a bug passes it on. */
export async function malformed(answer: Answer): Promise<Answer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of chunksOf(answer.body)) chunks.push(chunk)
  const whole = Buffer.concat(chunks)
  const body = whole.byteLength < 2 ? Buffer.from('{') : whole.subarray(0, whole.byteLength / 2)
  return { ...answer, headers: without(answer.headers, 'content-length'), body }
}

/** 200 with the type of the answer and nothing else of it. */
export function empty({ headers, body }: Answer): Answer {
  if (typeof body === 'object' && 'destroy' in body) body.destroy()
  const type = headers['content-type']
  return { status: 200, headers: type === undefined ? {} : { 'content-type': type }, body: '' }
}

function without(headers: Answer['headers'], name: string): Answer['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name))
}
