import { describe, expect, it } from '@jest/globals'
import { isAttested, type Attestations } from '../../../../src/core/inputs/build/attestations.ts'

const none: Attestations = { provenance: 'false', sbom: undefined, attests: [] }

describe('isAttested', () => {
  it.each<[Partial<Attestations>, boolean]>([
    [{}, false],
    [{ provenance: 'mode=min' }, true],
    [{ provenance: undefined, attests: ['type=provenance,mode=max'] }, true],
    [{ provenance: undefined, attests: ['type=provenance,disabled=true'] }, false],
    [{ provenance: undefined, attests: ['type=provenance,disabled=1'] }, false],
    [{ provenance: undefined, attests: ['type=provenance,Disabled=T'] }, false],
    [{ provenance: undefined, attests: ['type=provenance,disabled=false'] }, true],
    [{ sbom: 'disabled=TRUE' }, false],
    [{ sbom: 'true' }, true],
    [{ sbom: 'false' }, false],
    [{ attests: ['type=other'] }, true],
  ])('of %j is %s', (given, attested) => {
    expect(isAttested({ ...none, ...given })).toBe(attested)
  })
})
