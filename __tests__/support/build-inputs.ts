import type { BuildInputs } from '../../src/core/inputs/inputs.ts'
import { buildSettings } from './build-settings.ts'
import { tagRules } from './tag-rules.ts'

/** What a `with:` block with nothing but a repository means, and whatever a test says is different. */
export function buildInputs(differences: Partial<BuildInputs> = {}): BuildInputs {
  return {
    repository: { name: 'team/app' },
    platforms: ['linux/amd64', 'linux/arm64'],
    context: '.',
    file: undefined,
    target: undefined,
    buildArguments: [],
    noCache: false,
    pull: false,
    skipExisting: 'auto',
    tagRules: tagRules(),
    metadata: { labels: {}, annotations: [] },
    settings: buildSettings(),
    builder: {
      kind: 'own',
      driver: 'docker-container',
      endpoint: undefined,
      driverOptions: [],
      keep: false,
    },
    ...differences,
  }
}
