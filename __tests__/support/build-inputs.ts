import type { BuildInputs } from '../../src/core/inputs/inputs.ts'
import { buildSettings } from './build-settings.ts'
import { ownBuilder } from './own-builder.ts'
import { tagRules } from './tag-rules.ts'

/** What a `with:` block with nothing but a repository means, and whatever a test says is different. */
export function buildInputs(differences: Partial<BuildInputs> = {}): BuildInputs {
  return {
    platforms: ['linux/amd64', 'linux/arm64'],
    context: '.',
    file: undefined,
    target: undefined,
    buildArguments: [],
    noCache: false,
    pull: false,
    skipExisting: 'auto',
    retries: 2,
    tagRules: tagRules(),
    metadata: { labels: {}, annotations: [] },
    settings: buildSettings(),
    load: false,
    cache: { kind: 'off' },
    builder: ownBuilder(),
    gates: { maxImageSize: undefined, scan: { kind: 'off' } },
    registries: [],
    ...differences,
  }
}
