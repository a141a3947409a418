import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  canonicalJson,
  fingerprint,
  type BuildIngredients,
} from '../../../src/core/image/fingerprint.ts'
import { tagFactsOf } from '../../../src/core/image/naming/tag-rules/tag-facts.ts'
import type { BuildSettings } from '../../../src/core/inputs/build/build-settings.ts'
import { fillMetadata, type ImageMetadata } from '../../../src/core/inputs/build/image-metadata.ts'
import { runContext } from '../../support/run-context.ts'
import { buildSettings } from '../../support/build-settings.ts'

const onIndex = { place: 'index', key: 'x' }

const base: BuildIngredients = {
  sourceTree: 'aaaa',
  unfetched: [],
  dockerfile: 'FROM scratch\n',
  ignoreFile: undefined,
  target: undefined,
  buildArguments: ['A=1', 'B=2'],
  metadata: { labels: {}, annotations: [] },
  settings: buildSettings(),
}

describe('fingerprint', () => {
  it.each<[string, Partial<BuildIngredients>]>([
    ['source tree', { sourceTree: 'bbbb' }],
    ['parts that are not fetched', { unfetched: ['pointer a'] }],
    ['Dockerfile', { dockerfile: 'FROM scratch\n\n' }],
    ['ignore file', { ignoreFile: '' }],
    ['target', { target: 'runner' }],
    ['build arguments', { buildArguments: ['A=1', 'B=3'] }],
    ['order of build arguments', { buildArguments: ['B=2', 'A=1'] }],
  ])('changes with the %s', (_name, change) => {
    expect(fingerprint({ ...base, ...change })).not.toBe(fingerprint(base))
  })

  it.each<Partial<BuildSettings>>([
    { buildContexts: ['a=b'] },
    { addHosts: ['a:1'] },
    { allow: ['network.host'] },
    { ulimits: ['nofile=1'] },
    { noCacheFilters: ['a'] },
    { ssh: ['default'] },
    { network: 'host' },
    { shmSize: '1g' },
    { cgroupParent: '/ci' },
    { attestations: { provenance: 'mode=max', sbom: undefined, attests: [] } },
    { attestations: { provenance: 'mode=min', sbom: 'true', attests: [] } },
    { attestations: { provenance: 'mode=min', sbom: undefined, attests: ['type=x'] } },
    { secrets: [{ kind: 'text', id: 'a', text: '1' }] },
    { compression: 'zstd' },
  ])('changes with the setting %j', (settings) => {
    const changed = { ...base, settings: buildSettings(settings) }
    expect(fingerprint(changed)).not.toBe(fingerprint(base))
  })

  it.each<ImageMetadata>([
    { labels: { a: '1' }, annotations: [] },
    { labels: {}, annotations: [{ place: 'index', key: 'a', value: '1' }] },
  ])('changes with %j', (metadata) => {
    expect(fingerprint({ ...base, metadata })).not.toBe(fingerprint(base))
  })

  it('is that of the expressions as written, whatever branch or second fills them in', () => {
    const at = (ref: string, time: string, label = "{{branch}} {{date 'HH:mm:ss'}}"): string => {
      const written = { labels: { x: label }, annotations: [{ ...onIndex, value: label }] }
      const facts = tagFactsOf(runContext({ ref }), new Date(time), {})
      return fingerprint({ ...base, metadata: fillMetadata(written, facts) })
    }
    const first = at('refs/heads/main', '2026-11-22T10:00:00Z')
    expect(at('refs/tags/v1.2.3', '2026-11-23T11:12:13Z')).toBe(first)
    expect(at('refs/heads/main', '2026-11-22T10:00:00Z', '{{tag}}')).not.toBe(first)
    expect(at('refs/heads/main', '2026-11-22T10:00:00Z', 'main 10:00:00')).not.toBe(first)
  })

  it.each<[Partial<BuildSettings>, Partial<BuildSettings>]>([
    [{ cacheFrom: ['a'], cacheTo: ['b'] }, {}],
    [{ exporters: ['type=local,dest=x'] }, {}],
    [
      { secrets: [{ kind: 'text', id: 'a', text: '1' }] },
      { secrets: [{ kind: 'file', id: 'a', path: '2' }] },
    ],
  ])('is the same with %j and %j', (one, other) => {
    expect(fingerprint({ ...base, settings: buildSettings(one) })).toBe(
      fingerprint({ ...base, settings: buildSettings(other) }),
    )
  })

  it('is for a whole checkout what it was before parts of one counted', () => {
    expect(fingerprint(base)).toBe(
      '5e3d7b3af8c986717ce8cd09e35ef03fcb8658183a445fec43e2a7f5e1adb58d',
    )
  })

  it('is 64 hex digits', () => {
    expect(fingerprint(base)).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('canonicalJson', () => {
  it('gives equal objects one text, whatever the order of their members', () => {
    const values = fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string()))
    fc.assert(
      fc.property(values, (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse())
        expect(canonicalJson({ in: [turned] })).toBe(canonicalJson({ in: [object] }))
      }),
    )
  })

  it('says the same as JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (object) => {
        expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)))
      }),
    )
  })
})
