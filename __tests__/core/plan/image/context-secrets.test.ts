import { describe, expect, it } from '@jest/globals'
import type { BuildSecret } from '../../../../src/core/inputs/build/secrets.ts'
import { contextSecrets } from '../../../../src/core/plan/image/context-secrets.ts'
import { buildInputs } from '../../../support/build-inputs.ts'
import { buildSettings } from '../../../support/build-settings.ts'

const secretsFor = (
  context: string,
  secrets: readonly BuildSecret[] = [],
  token: string | undefined = 'ghs_1',
  server = 'https://github.com',
) => contextSecrets(buildInputs({ context, settings: buildSettings({ secrets }) }), server, token)

const own = 'https://github.com/octo/shop.git#main'

describe('contextSecrets', () => {
  it("gives the token to the job's server alone", () => {
    const secret = { kind: 'text', id: 'GIT_AUTH_TOKEN.github.com', text: 'ghs_1' }
    expect(secretsFor(own)).toEqual([secret])
    expect(secretsFor('{{defaultContext}}')).toEqual([secret])
  })

  it('names the port of an enterprise server', () => {
    const server = 'https://ghes.example:8443'
    const [secret] = secretsFor(`${server}/o/r.git`, [], 't', server)
    expect(secret?.id).toBe('GIT_AUTH_TOKEN.ghes.example:8443')
  })

  it.each(['.', 'app', 'https://gitlab.com/o/r.git', 'https://github.com/o/r/main.tgz'])(
    'gives nothing for %s',
    (context) => {
      expect(secretsFor(context)).toEqual([])
    },
  )

  it.each(['GIT_AUTH_TOKEN', 'GIT_AUTH_TOKEN.github.com', 'GIT_AUTH_HEADER'])(
    "leaves it to the user's %s",
    (id) => {
      expect(secretsFor(own, [{ kind: 'variable', id, name: 'PAT' }])).toEqual([])
    },
  )

  it("is not kept back by the user's token for another server", () => {
    const other: BuildSecret = { kind: 'variable', id: 'GIT_AUTH_TOKEN.gitlab.com', name: 'PAT' }
    expect(secretsFor(own, [other])).toHaveLength(1)
  })
})
