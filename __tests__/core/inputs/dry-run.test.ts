import { describe, expect, it } from '@jest/globals'

import { InputErrors } from '../../../src/core/errors/action-error.ts'
import { modes } from '../../../src/core/inputs/mode.ts'
import { parseInputs } from '../../../src/core/inputs/parse-inputs.ts'

/** What each mode cannot do without. */
const needed: Readonly<Record<(typeof modes)[number], Readonly<Record<string, string>>>> = {
  release: { repository: 'team/web' },
  build: { repository: 'team/web' },
  merge: { repository: 'team/web', digests: `sha256:${'a'.repeat(64)}` },
  deploy: { service: 'web' },
  rollback: { service: 'web' },
  run: { service: 'web' },
  continue: { service: 'web', 'hook-action': 'continue' },
}
const parse = (values: Readonly<Record<string, string>>) =>
  parseInputs(new Map(Object.entries({ 'aws-region': 'us-east-1', ...values })), {
    region: undefined,
  })

describe('dry-run', () => {
  it.each(modes)('is used by mode %s, and off unless given', (mode) => {
    const asked = parse({ mode, ...needed[mode], 'dry-run': 'true' })
    expect(asked.inputs.dryRun).toBe(true)
    expect(asked.notices.filter((notice) => notice.includes('dry-run'))).toEqual([])
    expect(parse({ mode, ...needed[mode] }).inputs.dryRun).toBe(false)
  })

  it('is a problem where it is no boolean: a typing error must not deploy', () => {
    expect(() => parse({ ...needed.release, 'dry-run': 'yes' })).toThrow(InputErrors)
  })
})
