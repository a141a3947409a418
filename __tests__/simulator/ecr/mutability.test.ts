import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { isImmutable } from '../../../simulator/ecr/store/mutability.ts'

const tag = fc.stringMatching(/^[a-z0-9.]{1,8}$/)
const filters = fc.array(fc.stringMatching(/^[a-z0-9.*]{1,4}$/))

describe('tag mutability', () => {
  it('ECR-5 with exclusions is the other way round for the other mutability', () => {
    fc.assert(
      fc.property(tag, filters, (name, excluded) => {
        const immutable = isImmutable(name, 'IMMUTABLE_WITH_EXCLUSION', excluded)
        expect(isImmutable(name, 'MUTABLE_WITH_EXCLUSION', excluded)).toBe(!immutable)
      }),
    )
  })

  it('ECR-5 without filters does not depend on the exclusion', () => {
    fc.assert(
      fc.property(tag, (name) => {
        expect(isImmutable(name, 'IMMUTABLE_WITH_EXCLUSION', [])).toBe(true)
        expect(isImmutable(name, 'MUTABLE_WITH_EXCLUSION', ['*'])).toBe(true)
      }),
    )
  })
})
