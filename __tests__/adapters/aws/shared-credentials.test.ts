import { describe, expect, it } from '@jest/globals'

import { shareCredentials } from '../../../src/adapters/aws/shared-credentials.ts'

const hour = 3_600_000
const minute = 60_000

/** A provider whose credentials hold for an hour, and a clock. */
function setUp() {
  const state = { nowMs: 0, made: 0, broken: false }
  const clock = { now: () => new Date(state.nowMs) }
  const provider = () => {
    if (state.broken) return Promise.reject(new Error('refused'))
    state.made += 1
    const accessKeyId = `AKIA${state.made}`
    const expiration = new Date(state.nowMs + hour)
    return Promise.resolve({ accessKeyId, secretAccessKey: 'secret', expiration })
  }
  const credentials = shareCredentials(provider, clock)
  const idAt = async (nowMs: number) => {
    state.nowMs = nowMs
    return (await credentials()).accessKeyId
  }
  return { state, credentials, idAt }
}

describe('credentials that clients share', () => {
  it('are made once, however many ask at once', async () => {
    const { state, credentials } = setUp()
    await Promise.all([credentials(), credentials(), credentials()])
    expect(state.made).toBe(1)
  })

  it('are made anew five minutes before their end, and not sooner', async () => {
    const { idAt } = setUp()
    expect(await idAt(0)).toBe('AKIA1')
    expect(await idAt(hour - 5 * minute - 1)).toBe('AKIA1')
    expect(await idAt(hour - 5 * minute)).toBe('AKIA2')
  })

  it('are kept while they hold where no new ones can be had, and tried again', async () => {
    const { state, idAt } = setUp()
    await idAt(0)
    state.broken = true
    expect(await idAt(hour - 5 * minute)).toBe('AKIA1')
    state.broken = false
    expect(await idAt(hour - 4 * minute)).toBe('AKIA2')
  })

  it('are not kept beyond their end', async () => {
    const { state, idAt } = setUp()
    await idAt(0)
    state.broken = true
    await idAt(hour - 5 * minute)
    await expect(idAt(hour)).rejects.toThrow('refused')
    state.broken = false
    expect(await idAt(hour + 1)).toBe('AKIA2')
  })

  it('that could not be had are asked for again at once', async () => {
    const { state, idAt } = setUp()
    state.broken = true
    await expect(idAt(0)).rejects.toThrow('refused')
    state.broken = false
    expect(await idAt(0)).toBe('AKIA1')
  })
})
