import { withFingerprint } from '../../src/core/image/annotations.ts'
import type { BuiltImagePlan } from '../../src/core/plan/image/image-plan.ts'
import { buildSettings } from './build-settings.ts'
import { ownBuilder } from './own-builder.ts'
import { commit } from './run-context.ts'
import { registryHost } from './test-registry.ts'

/** The plan of a first build of team/app, and whatever a test says is different. */
export function imagePlan(differences: Partial<BuiltImagePlan> = {}): BuiltImagePlan {
  return {
    kind: 'build',
    platforms: ['linux/amd64', 'linux/arm64'],
    repository: {
      registry: { host: registryHost, accountId: '123456789012', region: 'us-east-1' },
      name: 'team/app',
    },
    commit,
    version: '1.2.3',
    versionScheme: 'semver',
    identityTags: [`sha-${commit}`, '1.2.3'],
    movingTags: [],
    build: {
      contextDirectory: '/workspace',
      dockerfile: '/workspace/Dockerfile',
      target: undefined,
      buildArguments: [],
      platforms: ['linux/amd64', 'linux/arm64'],
      noCache: false,
      pull: false,
      labels: {},
      annotations: withFingerprint({ 'org.opencontainers.image.revision': commit }, 'f00d'),
      furtherAnnotations: [],
      settings: buildSettings(),
    },
    builder: ownBuilder(),
    cacheHost: undefined,
    pullHosts: [],
    copies: [],
    creates: [],
    gates: { maxImageSize: undefined, scan: { kind: 'off' } },
    dockerfileText: undefined,
    fingerprint: 'f00d',
    obstacles: [],
    replaces: undefined,
    retries: 2,
    existing: undefined,
    reason: 'no image of this commit is there yet',
    ...differences,
  }
}
