import { declaredInputs } from '../../src/core/inputs/declared.ts'
import type { BuilderInputs, OwnBuilder } from '../../src/core/inputs/build/builder.ts'

export const binfmtImage = declaredInputs['binfmt-image']?.default ?? ''

/** The builder of a `with:` block that says nothing of one, and whatever a test says is different. */
export function ownBuilder(
  differences: Partial<OwnBuilder & Pick<BuilderInputs, 'binfmtImage'>> = {},
): OwnBuilder & Pick<BuilderInputs, 'binfmtImage'> {
  return {
    kind: 'own',
    driver: 'docker-container',
    endpoint: undefined,
    driverOptions: [],
    buildkitdFlags: undefined,
    buildkitdConfig: undefined,
    nodes: [],
    keep: false,
    binfmtImage,
    ...differences,
  }
}
