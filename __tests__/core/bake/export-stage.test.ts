import { describe, expect, it } from '@jest/globals'
import { stageDefinition } from '../../../src/core/bake/export-stage.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import { buildSettings } from '../../support/build-settings.ts'

function targetsOf(targets: Readonly<Record<string, JsonObject>>): unknown {
  const entries = new Map(Object.entries(targets))
  const bake = { targets: entries, settings: buildSettings(), workspace: '/w' }
  const plan = { target: 'web', bake, platforms: ['linux/arm64', 'linux/amd64'] as const }
  const { target } = JSON.parse(stageDefinition(plan, 'build', '/tmp/x,y')) as { target: unknown }
  return target
}

describe('the definition that exports a stage', () => {
  it('has what leads to the cached steps, and nothing that only a step needs that runs', () => {
    const leading = { context: 'web', args: { A: '1' }, contexts: { base: 'target:base' } }
    const running = { secret: ['id=npm'], ssh: ['default'], 'no-cache': true, pull: true }
    const elsewhere = { 'cache-from': ['type=gha'], 'cache-to': ['type=gha'], labels: { a: 'b' } }
    const facts = {
      annotations: ['manifest:a=b'],
      attest: ['type=sbom'],
      platforms: ['linux/s390x'],
    }
    const web = { ...leading, ...running, ...elsewhere, ...facts, target: 'final' }
    expect(targetsOf({ web })).toEqual({
      web: {
        ...leading,
        target: 'build',
        platforms: ['linux/arm64'],
        attest: ['type=provenance,disabled=true'],
        output: ['type=oci,tar=false,"dest=/tmp/x,y"'],
      },
    })
  })

  it('has the targets that it is built upon, and takes them nowhere', () => {
    const base = { context: '.', output: ['type=image,push=true'], 'cache-to': ['type=gha'] }
    expect(targetsOf({ web: {}, base })).toMatchObject({
      base: { context: '.', output: ['type=cacheonly'] },
    })
    expect(JSON.stringify(targetsOf({ web: {}, base }))).not.toContain('gha')
  })

  it('has texts as bake is to take them, with nothing worked out once more', () => {
    expect(targetsOf({ web: { args: { HOME: '${HOME}' } } })).toMatchObject({
      web: { args: { HOME: '$${HOME}' } },
    })
  })
})
