import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { VirtualClock } from '../../../simulator/clock/virtual-clock.ts'
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts'
import { createAws } from '../../../src/adapters/aws/session.ts'
import { sessionTags } from '../../../src/core/identity/session-tags.ts'
import { parseInputs } from '../../../src/core/inputs/parse-inputs.ts'
import { SimulatedClock } from '../../support/simulated-clock.ts'

let simulator: Simulator
let clock: SimulatedClock
beforeEach(async () => {
  clock = new SimulatedClock(new VirtualClock())
  simulator = await startSimulator({ clock: clock.virtual })
  process.env['AWS_ENDPOINT_URL_STS'] = simulator.url
})
afterEach(async () => {
  delete process.env['AWS_ENDPOINT_URL_STS']
  await simulator.close()
})

/** Opens a session with static keys. */
async function open(key: { readonly accessKeyId: string; readonly secretAccessKey: string }) {
  const masked: string[] = []
  const unused = (): never => {
    throw new Error('this test needs no such thing')
  }
  const aws = createAws({
    ...{ mintToken: unused, readToken: unused, exportCredentials: unused },
    sessionTags: sessionTags({}),
    mask: (secret) => void masked.push(secret),
    warn: unused,
    clock,
  })
  const values = new Map(
    Object.entries({
      mode: 'deploy',
      service: 'web',
      'aws-access-key-id': key.accessKeyId,
      'aws-secret-access-key': key.secretAccessKey,
    }),
  )
  const { inputs } = parseInputs(values, { region: 'us-east-1' })
  const { signal } = new AbortController()
  const session = await aws.open(inputs.identity, 'us-east-1', signal)
  return { session, masked }
}

describe('the credentials for a child', () => {
  it('are those of the session, masked before they are handed on, and no profile beside them', async () => {
    const key = simulator.iam.addUser({ name: 'deployer' })
    const { session, masked } = await open(key)
    expect(await session.childCredentials()).toEqual({
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
      AWS_SESSION_TOKEN: '',
      AWS_PROFILE: '',
    })
    expect(masked).toContain(key.secretAccessKey)
  })
})

describe('the question whose the credentials are', () => {
  it('is asked again where the answer makes no sense', async () => {
    const key = simulator.iam.addUser({ name: 'deployer' })
    simulator.faults.add([{ call: 'sts:GetCallerIdentity', malformed: true, first: 2 }])
    const { session } = await open(key)
    expect(session.caller.arn).toMatch(/user\/deployer$/)
    expect(simulator.requests.list('sts', 'GetCallerIdentity')).toHaveLength(3)
  })
})
