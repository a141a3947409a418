import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { subjectOf } from '../../simulator/github/oidc/claims.ts'
import { isTrusted, readTrustPolicy } from '../../simulator/iam/trust-policy.ts'
import { exampleNames } from '../../scripts/ci/example-workflow.ts'
import { declaredInputs } from '../../src/core/inputs/declared.ts'
import type { BundleWorld } from '../support/bundle-world.ts'
import { fillIn, published, publishedTrust } from '../support/published-iam.ts'
import {
  block,
  exampleWorkflow,
  readmeWorkflow,
  section,
  shownBy,
  type Shown,
} from '../support/published-workflow.ts'
import { openRolesWorld } from '../support/roles-world.ts'

const issuer = 'token.actions.githubusercontent.com'
const audience = declaredInputs['audience']?.default ?? ''

/** A call of the AWS CLI: its operation and its options by name. */
interface Command {
  readonly operation: string
  readonly options: ReadonlyMap<string, string>
}

/** The commands of README's set-up, in order. */
function setUpCommands(): readonly Command[] {
  const blocks = [...fillIn(section('Set up once')).matchAll(/```sh\n([^]*?)```/g)]
  const lines = blocks.flatMap(([, text = '']) =>
    text
      .replaceAll(/\\\n\s*/g, ' ')
      .trimEnd()
      .split('\n'),
  )
  return lines.map((line) => {
    const [program, service, operation, ...words] = line.split(' ')
    expect(program).toBe('aws')
    const pairs = words.flatMap((word, index) =>
      word.startsWith('--') ? [[word.slice(2), words[index + 1] ?? ''] as const] : [],
    )
    return { operation: `${service} ${operation}`, options: new Map(pairs) }
  })
}

describe("README's set-up", () => {
  const commands = setUpCommands()
  const option = (operation: string, name: string): string => {
    const found = commands.find((command) => command.operation === operation)
    return found?.options.get(name) ?? ''
  }
  const [step] = readmeWorkflow.jobs['ship']?.steps.filter((one) => one.with !== undefined) ?? []
  let world: BundleWorld
  beforeEach(async () => {
    world = await openRolesWorld()
  })
  afterEach(async () => {
    await world.close()
  })

  it('shows the trust policy as it is published', () => {
    const shown = fillIn(block('json', section('Set up once')))
    expect(JSON.parse(shown)).toEqual(published('trust-policy.json'))
  })

  it('begins with what the next step needs, and writes nothing else', () => {
    const writes = commands.filter(({ operation }) => !/^\w+ describe-/.test(operation))
    expect(writes.map(({ operation }) => operation)).toEqual([
      'iam create-open-id-connect-provider',
      'iam create-role',
      'iam put-role-policy',
      'ecr create-repository',
    ])
  })

  it('makes an account in which the workflow of README deploys', async () => {
    const provider = 'iam create-open-id-connect-provider'
    expect(option(provider, 'url')).toBe(world.simulator.oidc.issuer)
    expect(option(provider, 'client-id-list')).toBe(audience)
    const fileOf = (operation: string, name: string) =>
      option(operation, name).replace('file://', '')
    const name = option('iam create-role', 'role-name')
    expect(option('iam put-role-policy', 'role-name')).toBe(name)
    world.simulator.iam.addRole({
      name,
      trustPolicy: publishedTrust(fileOf('iam create-role', 'assume-role-policy-document')),
      policy: published(fileOf('iam put-role-policy', 'policy-document')),
    })
    const { registry } = world.simulator.ecr
    registry.remove('team/web')
    registry.create(option('ecr create-repository', 'repository-name'), {
      tagMutability: option('ecr create-repository', 'image-tag-mutability') as 'IMMUTABLE',
    })
    expect(option('ecr create-repository', 'region')).toBe(step?.with?.['aws-region'])

    const { main } = await world.run({ ...step?.with }, { withoutPost: true })
    expect(main.annotations).toEqual([])
    expect(main.outputs).toMatchObject({ outcome: 'deployed', verified: 'true' })
  })
})

describe('a published trust policy', () => {
  const forms = [
    ['trust-policy.json', 'name'],
    ['trust-policy-environments.json', 'name'],
    ['trust-policy-immutable.json', 'immutable'],
  ] as const

  const subjectBy = (shown: Shown, format: 'name' | 'immutable') =>
    subjectOf(
      {
        ...{ repository: 'octo-org/octo-repo', repositoryId: '74', repositoryOwnerId: '65' },
        ...{ sha: '', actor: '', workflow: '', runId: '', runNumber: '', runAttempt: '' },
        ...{ repositoryVisibility: 'private' as const, ...shown },
      },
      format,
    )

  function letsIn(name: string, sub: string, aud = audience): boolean {
    return isTrusted(readTrustPolicy(publishedTrust(name)), {
      action: 'sts:AssumeRoleWithWebIdentity',
      principals: [`arn:aws:iam::123456789012:oidc-provider/${issuer}`],
      context: { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: aud },
    })
  }

  it.each(forms)('%s lets in the job of README, and nobody from another branch', (name, format) => {
    const [shown] = shownBy(readmeWorkflow)
    if (shown === undefined) throw new Error("nothing starts README's workflow")
    expect(letsIn(name, subjectBy(shown, format))).toBe(true)
    expect(letsIn(name, subjectBy(shown, format), 'somebody.else')).toBe(false)
    const elsewhere = { ...shown, ref: 'refs/heads/feature' }
    expect(letsIn(name, subjectBy(elsewhere, format))).toBe(false)
  })

  it.each(exampleNames())('trust-policy-environments.json lets in every job of %s', (name) => {
    const shown = shownBy(exampleWorkflow(name))
    expect(shown.length).toBeGreaterThan(0)
    const kept = shown
      .map((job) => subjectBy(job, 'name'))
      .filter((subject) => !letsIn('trust-policy-environments.json', subject))
    expect(kept).toEqual([])
  })

  it('trust-policy-environments.json names no subject that no example shows', () => {
    const shown = exampleNames().flatMap((name) => shownBy(exampleWorkflow(name)))
    const subjects = new Set(shown.map((job) => subjectBy(job, 'name')))
    const [statement] = publishedTrust('trust-policy-environments.json').Statement
    const trusted = statement?.Condition?.['StringEquals']?.[`${issuer}:sub`] ?? []
    expect([trusted].flat().toSorted()).toEqual([...subjects].toSorted())
  })
})
