import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { createEcr } from '../../../src/adapters/aws/ecr.ts'
import type { StoredManifest } from '../../../src/core/image/content/stored-manifest.ts'
import { parseDigest } from '../../../src/core/image/digest.ts'
import type { Ecr } from '../../../src/ports/ecr.ts'
import { openRegistry, pushImage, type TestRegistry } from '../../support/test-registry.ts'

const app = { name: 'team/app', accountId: '123456789012' }
const mutability = { tagMutability: 'MUTABLE', exclusionFilters: [] }
const settings = {
  ...{ mutability: undefined, scanOnPush: false, lifecyclePolicy: undefined },
  ...{ encryption: { type: 'AES256' as const, kmsKey: undefined }, repositoryPolicy: undefined },
  tags: {},
}

let registry: TestRegistry
let stored: StoredManifest
let end: AbortController
beforeEach(async () => {
  registry = await openRegistry()
  end = new AbortController()
  await registry.createRepository('team/app')
  const pushed = await pushImage(registry, 'team/app', 'v1')
  stored = {
    digest: parseDigest(pushed.digest),
    mediaType: pushed.mediaType,
    manifest: pushed.text,
  }
})
afterEach(async () => registry.close())

const asked = (operation: string) => registry.simulator.requests.list('ecr', operation).length

/** ECR with credentials that are asked for with each attempt; the run ends as the second begins. */
function endingEcr(operation: string): Ecr {
  return createEcr({
    ...registry.settings,
    async credentials() {
      if (asked(operation) === 1) end.abort(new Error('cancelled'))
      // So close to its end the SDK keeps none.
      const expiration = new Date(Date.now() + 60_000)
      return { ...(await registry.settings.credentials()), expiration }
    },
  })
}

const writes: readonly (readonly [string, (ecr: Ecr, signal: AbortSignal) => Promise<unknown>])[] =
  [
    ['PutImage', (ecr, signal) => ecr.tagImage(app, stored, 'latest', signal)],
    [
      'CreateRepository',
      (ecr, signal) => ecr.createRepository({ ...app, name: 'new' }, mutability, settings, signal),
    ],
    ['PutLifecyclePolicy', (ecr, signal) => ecr.putLifecyclePolicy(app, '{"rules":[]}', signal)],
    ['SetRepositoryPolicy', (ecr, signal) => ecr.setRepositoryPolicy(app, '{}', signal)],
  ]

describe('a write to ECR that got no good answer', () => {
  it.each(writes)('is not sent again after the signal: %s', async (operation, write) => {
    registry.simulator.faults.add([{ call: `ecr:${operation}`, status: 503 }])
    await expect(write(endingEcr(operation), end.signal)).rejects.toThrow()
    expect(end.signal.aborted).toBe(true)
    expect(asked(operation)).toBe(1)
  })

  it('is sent again while the run goes on', async () => {
    registry.simulator.faults.add([{ call: 'ecr:PutImage', status: 503, first: 2 }])
    const ecr = createEcr(registry.settings)
    expect(await ecr.tagImage(app, stored, 'latest', end.signal)).toBe(stored.digest)
    expect(asked('PutImage')).toBe(3)
  })
})
