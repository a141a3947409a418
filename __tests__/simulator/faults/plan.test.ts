import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

import { openAccount, type Account } from '../account.ts'

let account: Account
beforeAll(async () => {
  account = await openAccount()
})
afterAll(() => account.simulator.close())

function problemsOf(fault: Record<string, unknown>): readonly string[] {
  try {
    account.simulator.faults.add([{ call: 'ecr:PutImage', ...fault }])
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    return cause.message.split('\n  ').slice(1)
  }
  return []
}

describe('a fault plan that is not right', () => {
  it.each<[Record<string, unknown>, string]>([
    [{}, 'faults[0] needs an effect: error, status, throttle'],
    [{ call: undefined, throttle: true }, "faults[0] needs either 'call' or 'request'"],
    [{ request: 'GET /v2/', throttle: true }, "faults[0] needs either 'call' or 'request'"],
    [{ call: 'PutImage', throttle: true }, "faults[0].call is service:Operation, not 'PutImage'"],
    [{ call: 's3:PutObject', throttle: true }, 'faults[0].call names no service of the simulator'],
    [
      { call: 'ecr:PutImages', throttle: true },
      "faults[0].call matches no operation: 'ecr:PutImages'; did you mean 'ecr:PutImage'?",
    ],
    [
      { call: undefined, request: '/v2/', throttle: true },
      "faults[0].request is a verb and a path below /v2/, not '/v2/'",
    ],
    [{ nht: 1, throttle: true }, "faults[0].nht is not known; did you mean 'nth'?"],
    [{ nth: 0, throttle: true }, 'faults[0].nth is a whole number of 1 or more, not 0'],
    [{ nth: ['1'], throttle: true }, 'faults[0].nth lists whole numbers of 1 or more'],
    [{ nth: 1, every: 2, throttle: true }, 'faults[0] has nth and every: one is enough'],
    [{ throttle: true, empty: true }, 'faults[0] has throttle and empty: one effect each'],
    [{ throttle: false }, 'faults[0].throttle is true or absent'],
    [{ reset: 'later' }, 'faults[0].reset is before or after, not "later"'],
    [{ status: 600 }, 'faults[0].status is an HTTP status, 200 to 599, not 600'],
    [{ throttle: true, message: 'x' }, "faults[0].message goes with 'error'"],
    [{ error: 'A', body: 'x' }, "faults[0].body goes with a bare 'status'"],
    [{ status: 500, afterBytes: 1 }, "faults[0].afterBytes goes with 'request'"],
    [{ expiredLogin: 401 }, "faults[0].expiredLogin goes with 'request'"],
    [{ latencyMs: 'long' }, 'faults[0].latencyMs is a whole number of 1 or more, not "long"'],
  ])('FAULT-17 %j: %s', (fault, message) => {
    expect(problemsOf(fault)).toEqual([expect.stringContaining(message)])
  })

  it('FAULT-17 is told with all that is wrong, and changes nothing', () => {
    const { faults } = account.simulator
    const mistakes = problemsOf({ call: 'ecr:Nothing', nth: -1, stall: 'soon' })
    expect(mistakes).toHaveLength(3)
    expect(faults.plan).toEqual([])
  })
})

describe('the control route of faults', () => {
  const control = (method: string, body?: string): Promise<Response> =>
    fetch(`${account.simulator.url}/_simulator/faults`, {
      method,
      ...(body !== undefined && { body }),
    })

  it('FAULT-18 replaces, tells and forgets the plan', async () => {
    const plan = [{ call: 'oidc:GetIdToken', status: 500 }]
    expect((await control('PUT', JSON.stringify([{ call: 'ecr:*', throttle: true }]))).status).toBe(
      200,
    )
    expect((await control('PUT', JSON.stringify({ faults: plan }))).status).toBe(200)
    const refused = await control('PUT', '[{"call": "ecr:*"}]')
    expect([refused.status, await refused.json()]).toEqual([
      400,
      {
        message: expect.stringMatching(
          /^the fault plan is not right:\n {2}faults\[0\] needs an effect/,
        ),
      },
    ])
    await fetch(`${account.simulator.url}/oidc/token`)
    expect(await (await control('GET')).json()).toEqual({
      faults: plan,
      hits: [expect.objectContaining({ fault: 'oidc:GetIdToken status', occurrence: 1 })],
    })
    expect((await control('DELETE')).status).toBe(204)
    expect(await (await control('GET')).json()).toEqual({ faults: [], hits: [] })
  })

  it('FAULT-18 does not take for a plan what is no list', async () => {
    expect((await control('PUT', 'no JSON')).status).toBe(400)
    expect((await control('PUT', '{}')).status).toBe(400)
  })
})
