import { createServer } from 'node:http'

import { isObject, parseJson } from '../../../simulator/wire/json.ts'
import { type JsonService, ServiceError } from '../../../simulator/wire/service.ts'

import { call } from './stage.ts'

export interface Loopback {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Serves one service as AWS JSON 1.1 on loopback, without signatures: enough for the SDK. */
export async function serve(service: JsonService): Promise<Loopback> {
  const answer = async (target: string, body: string): Promise<[number, unknown]> => {
    const operation = service.operations[target.slice(target.indexOf('.') + 1)]
    if (operation === undefined) return [400, { __type: 'UnknownOperationException' }]
    const input = parseJson(body)
    try {
      return [200, await operation(isObject(input) ? input : {}, call)]
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      return [error.httpStatus, { __type: error.code, message: error.message, ...error.members }]
    }
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const target = request.headers['x-amz-target']
      answer(typeof target === 'string' ? target : '', Buffer.concat(chunks).toString()).then(
        ([status, body]) => {
          response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
          response.end(JSON.stringify(body))
        },
        (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
