import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, it } from '@jest/globals'

import { createEcs } from '../../../src/adapters/aws/ecs.ts'
import { AwsFailure } from '../../../src/core/errors/aws-failure.ts'
import type { Ecs } from '../../../src/ports/ecs.ts'

interface Received {
  readonly target: string
  readonly length: string
  readonly authorization: string
  readonly body: string
}

/** What the server does with one request: an answer, none, or the connection cut. */
type Reply = { readonly status: number; readonly body: string } | 'reset' | 'stall'

const servers: Server[] = []
afterEach(() => {
  delete process.env['AWS_ENDPOINT_URL_ECS']
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function ecsThatAnswers(...replies: readonly Reply[]): Promise<[Ecs, readonly Received[]]> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({
        target: String(request.headers['x-amz-target']),
        length: String(request.headers['content-length']),
        authorization: String(request.headers.authorization),
        body: Buffer.concat(chunks).toString('utf8'),
      })
      const reply = replies[received.length - 1] ?? { status: 500, body: '{}' }
      if (reply === 'stall') return
      if (reply === 'reset') return void request.socket.destroy()
      response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(reply.body)
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  process.env['AWS_ENDPOINT_URL_ECS'] = `http://127.0.0.1:${port}`
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
  const ecs = createEcs({ region: 'eu-west-1', credentials: () => Promise.resolve(keys) })
  return [ecs, received]
}

const ok = (body: unknown): Reply => ({ status: 200, body: JSON.stringify(body) })
const refusal = (type: string, message: string): Reply => ({
  status: 400,
  body: JSON.stringify({ __type: type, message }),
})

async function failureOf(call: Promise<unknown>): Promise<AwsFailure> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof AwsFailure) return error
  throw new TypeError(`not an AwsFailure: ${String(error)}`)
}

describe('the ECS adapter', () => {
  it('carries members that the SDK does not know, and empty values, in both directions', async () => {
    const definition = {
      family: 'web',
      futureTopLevel: { deep: [1, 2.5, null, ''] },
      containerDefinitions: [{ name: 'app', image: 'ä', command: [], futureField: true }],
    }
    const [ecs, received] = await ecsThatAnswers(ok({ taskDefinition: definition, tags: [] }))
    const answer = await ecs.registerTaskDefinition(definition)
    expect(JSON.parse(received[0]?.body ?? '')).toEqual(definition)
    expect(answer).toEqual({ taskDefinition: definition, tags: [] })
  })

  it('signs what it sends and names its operation', async () => {
    const [ecs, received] = await ecsThatAnswers(ok({ services: [] }))
    await ecs.describeServices({ cluster: 'präd', services: ['web'] })
    const [request] = received
    expect(request?.target).toBe('AmazonEC2ContainerServiceV20141113.DescribeServices')
    expect(request?.length).toBe(String(Buffer.byteLength(request?.body ?? '')))
    expect(request?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//)
  })

  it('keeps concurrent exchanges apart', async () => {
    const [ecs] = await ecsThatAnswers(ok({ n: 1 }), ok({ n: 2 }), ok({ n: 3 }))
    const answers = await Promise.all([1, 2, 3].map(() => ecs.listTasks({ cluster: 'c' })))
    expect(answers.map((answer) => answer['n']).sort()).toEqual([1, 2, 3])
  })

  it('tells the code, status and operation of a refusal', async () => {
    const [ecs] = await ecsThatAnswers(refusal('ClusterNotFoundException', 'Cluster not found.'))
    const failure = await failureOf(ecs.describeServices({ services: ['web'] }))
    expect(failure).toMatchObject({
      service: 'ECS',
      operation: 'DescribeServices',
      code: 'ClusterNotFoundException',
      httpStatus: 400,
      message: 'Cluster not found.',
      ambiguous: false,
    })
  })

  it('reads again after a server error', async () => {
    const [ecs, received] = await ecsThatAnswers({ status: 500, body: '{}' }, ok({ services: [1] }))
    expect(await ecs.describeServices({ services: ['web'] })).toEqual({ services: [1] })
    expect(received).toHaveLength(2)
  })

  it.each([
    ['updateService', 'reset'],
    ['registerTaskDefinition', 'reset'],
    ['updateService', { status: 500, body: '{"__type":"ServerException"}' }],
    ['registerTaskDefinition', { status: 503, body: '' }],
  ] as const)('sends %s once, and calls %j ambiguous', async (operation, reply) => {
    const [ecs, received] = await ecsThatAnswers(reply, ok({}))
    const failure = await failureOf(ecs[operation]({ service: 'web' }))
    expect(failure.ambiguous).toBe(true)
    expect(received).toHaveLength(1)
  })

  it.each(['{"services": [{"serv', '<html>proxy</html>', '[]', ''])(
    'reads again where a success makes no sense: %j',
    async (body) => {
      const broken = { status: 200, body }
      const [ecs, received] = await ecsThatAnswers(broken, broken, ok({ services: [1] }))
      expect(await ecs.describeServices({ services: ['web'] })).toEqual({ services: [1] })
      expect(received).toHaveLength(3)
    },
  )

  it.each(['<html>proxy</html>', ''])('fails where it never makes sense: %j', async (body) => {
    const broken = { status: 200, body }
    const [ecs, received] = await ecsThatAnswers(broken, broken, broken, ok({ services: [1] }))
    const failure = await failureOf(ecs.describeServices({ services: ['web'] }))
    expect(failure).toMatchObject({ operation: 'DescribeServices', ambiguous: true })
    expect(received).toHaveLength(3)
  })

  it('gives a read up that does not come in its time, with all its attempts', async () => {
    const [ecs] = await ecsThatAnswers('stall', 'stall')
    const failure = await failureOf(ecs.describeServices({ services: ['web'] }, { withinMs: 50 }))
    expect(failure).toMatchObject({ operation: 'DescribeServices', httpStatus: undefined })
    expect(failure.ambiguous).toBe(true)
  })

  it.each(['{"service": {"serv', '<html>proxy</html>', '[]'])(
    'calls an update whose answer is broken ambiguous: %j',
    async (body) => {
      const [ecs] = await ecsThatAnswers({ status: 200, body })
      expect((await failureOf(ecs.updateService({ service: 'web' }))).ambiguous).toBe(true)
    },
  )
})
