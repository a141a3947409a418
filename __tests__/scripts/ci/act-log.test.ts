import { describe, expect, it } from '@jest/globals'

import { readActLog } from '../../../scripts/ci/act-log.ts'

const log = (...entries: readonly object[]) =>
  ['act says hello', ...entries.map((entry) => JSON.stringify(entry))].join('\n')
const uses = 'steadyship/steadyship@v0'

describe('the log of act', () => {
  it('tells the jobs apart, with their outputs and what their steps said', () => {
    const jobs = readActLog(
      log(
        { jobID: 'staging', msg: 'pushed\n', raw_output: true, stage: 'Main', step: uses },
        { jobID: 'staging', command: 'set-output', name: 'digest', arg: 'sha256:1' },
        { jobID: 'staging', stage: 'Main', step: uses, stepResult: 'success' },
        { jobID: 'staging', jobResult: 'success' },
        { jobID: 'production', command: 'set-output', name: 'digest', arg: 'sha256:2' },
        { jobID: 'production', level: 'error', msg: 'it broke' },
        { jobID: 'production', jobResult: 'failure' },
      ),
    )
    expect([...jobs.keys()]).toEqual(['staging', 'production'])
    expect(jobs.get('staging')).toEqual({
      succeeded: true,
      outputs: { digest: 'sha256:1' },
      lines: ['pushed'],
      succeededSteps: [`Main ${uses}`],
    })
    expect(jobs.get('production')).toMatchObject({
      succeeded: false,
      outputs: { digest: 'sha256:2' },
      lines: ['it broke'],
    })
  })

  it('counts no failed step among those that succeeded', () => {
    const failed = { jobID: 'ship', stage: 'Post', step: uses, stepResult: 'failure' }
    expect(readActLog(log(failed)).get('ship')?.succeededSteps).toEqual([])
  })

  it('holds no job where act said nothing of one', () => {
    expect(readActLog(log({ level: 'error', msg: 'no such workflow' })).size).toBe(0)
  })
})
