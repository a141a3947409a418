import { expect } from '@jest/globals'

import type { ActionRun } from '../../simulator/github/runner/action-run.ts'
import type { Failure } from '../../src/core/outcome.ts'

/** Messages of the annotations of one level. */
export function annotated(run: ActionRun, level: 'error' | 'warning' | 'notice'): string[] {
  return run.annotations
    .filter((annotation) => annotation.level === level)
    .map(({ message }) => message)
}

/** A red end: exit code, outputs, summary and exactly one error annotation tell the same. */
export function expectRed(run: ActionRun, outcome: Failure, code: string): void {
  expect(run.outputs).toMatchObject({ outcome, 'error-code': code })
  expect(run.exitCode).toBe(1)
  expect(run.conclusion).not.toBe('success')
  const errors = run.annotations.filter(({ level }) => level === 'error')
  expect(errors).toMatchObject([{ title: `Steadyship: ${outcome} (${code})` }])
  expect(errors[0]?.message).toContain(run.outputs['failure-reason'])
  expect(run.summary).toContain(`❌ Steadyship: ${outcome}`)
}
