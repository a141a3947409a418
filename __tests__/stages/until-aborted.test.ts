import { describe, expect, it } from '@jest/globals'

import { untilAborted } from '../../src/stages/aws/until-aborted.ts'

describe('untilAborted', () => {
  const reason = new Error('the run was cancelled')

  it('ends as the call does', async () => {
    const { signal } = new AbortController()
    await expect(untilAborted(() => Promise.resolve('answer'), signal)).resolves.toBe('answer')
    const failure = new Error('refused')
    await expect(untilAborted(() => Promise.reject(failure), signal)).rejects.toBe(failure)
  })

  it('calls nothing once the signal has aborted', async () => {
    let calls = 0
    const call = () => Promise.resolve((calls += 1))
    await expect(untilAborted(call, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(calls).toBe(0)
  })

  it('ends with the signal while the call is in flight, whose failure then harms nobody', async () => {
    const over = new AbortController()
    let fail: (error: Error) => void = () => undefined
    const call = new Promise<never>((_resolve, reject) => {
      fail = reject
    })
    const ended = untilAborted(() => call, over.signal)
    over.abort(reason)
    await expect(ended).rejects.toBe(reason)
    // A rejection that nobody handles would end the process of this test.
    fail(new Error('too late'))
    await new Promise(setImmediate)
  })
})
