import { describe, expect, it } from '@jest/globals'

import { renderOutputs } from '../../../src/core/report/outputs.ts'
import { taskSection } from '../../../src/core/report/task-summary.ts'

const arn = 'arn:aws:ecs:eu-west-1:123456789012:task/prod/0123456789abcdef'
const end = { outcome: 'ran', changed: false, verified: true, error: undefined } as const

describe('a one-off task', () => {
  it('is in the summary, with its page in the console and its exit code', () => {
    const section = taskSection({ arn, exitCode: 3 })
    expect(section).toContain(
      'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/prod/tasks/0123456789abcdef/configuration?region=eu-west-1',
    )
    expect(section).toMatch(/exit code.*3/)
    expect(taskSection({ arn })).toMatch(/exit code.*not known/)
    expect(taskSection(undefined)).toBe('')
  })

  it('gives the outputs run-task-arn and run-task-exit-code', () => {
    const outputs = renderOutputs(end, { task: { arn, exitCode: 0 } }, {})
    expect(outputs.get('run-task-arn')).toBe(arn)
    expect(outputs.get('run-task-exit-code')).toBe('0')
    expect(renderOutputs(end, { task: { arn } }, {}).has('run-task-exit-code')).toBe(false)
  })
})
