import { describe, expect, it } from '@jest/globals'
import { shownBakeArgv } from '../../../../src/core/plan/describe/shown-argv.ts'
import type { BuildSettings } from '../../../../src/core/inputs/build/build-settings.ts'
import { buildSettings } from '../../../support/build-settings.ts'
import { ownBuilder } from '../../../support/own-builder.ts'

function leaves(settings: Partial<BuildSettings>): readonly string[] {
  const bake = { targets: new Map(), settings: buildSettings(settings), workspace: '/w' }
  const argv = shownBakeArgv({ bake, builder: ownBuilder() }, ['web'])
  return argv.filter((argument) => argument.startsWith('--allow'))
}

describe('what bake will be asked, as it is shown', () => {
  it('has the leave for what the inputs name, files of secrets and keys hidden', () => {
    const shown = leaves({
      allow: ['network.host'],
      secrets: [
        { kind: 'text', id: 'npm', text: 'marked' },
        { kind: 'variable', id: 'variable', name: 'MARKED' },
        { kind: 'file', id: 'file', path: 'marked' },
      ],
      ssh: ['default', 'key=marked,marked=2'],
      cacheFrom: ['type=local,src=/c', 'type=local,src=inside'],
      cacheTo: ['type=local,dest=../c,ignore-error=true'],
    })
    expect(shown).toEqual([
      ...['--allow=network.host', '--allow=fs.read=…', '--allow=fs.read=/c'],
      ...['--allow=fs.write=/c', '--allow=ssh'],
    ])
  })

  it('has none where the inputs name nothing', () => {
    expect(leaves({})).toEqual([])
  })
})
