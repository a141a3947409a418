import type { BuildSettings } from '../../src/core/inputs/build/build-settings.ts'

/** What a `with:` block without any of them means, and whatever a test says is different. */
export function buildSettings(differences: Partial<BuildSettings> = {}): BuildSettings {
  return {
    buildContexts: [],
    addHosts: [],
    allow: [],
    ulimits: [],
    noCacheFilters: [],
    ssh: [],
    network: undefined,
    shmSize: undefined,
    cgroupParent: undefined,
    attestations: { provenance: 'mode=min', sbom: undefined, attests: [] },
    secrets: [],
    cacheFrom: [],
    cacheTo: [],
    exporters: [],
    compression: 'gzip',
    ...differences,
  }
}
