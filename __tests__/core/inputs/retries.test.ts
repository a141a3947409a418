import { expect, it } from '@jest/globals'
import { parseInputs } from '../../../src/core/inputs/parse-inputs.ts'

it.each(['release', 'build', 'merge'])(
  'mode %s takes retries, for what it pushes or copies',
  (mode) => {
    const values = { mode, retries: '4', repository: 'team/app', 'aws-region': 'us-east-1' }
    const digests = mode === 'merge' ? { digests: `sha256:${'0'.repeat(64)}` } : {}
    const given = new Map(Object.entries({ ...values, ...digests }))
    const { inputs, notices } = parseInputs(given, { region: undefined })
    expect(inputs).toMatchObject({ build: { retries: 4 } })
    expect(notices.join()).not.toContain('retries')
  },
)
