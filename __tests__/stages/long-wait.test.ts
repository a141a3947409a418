import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'

import { trustAccount, trustGitHub } from '../../simulator/iam/trust-policy.ts'
import { createAws } from '../../src/adapters/aws/session.ts'
import { ActionError } from '../../src/core/errors/action-error.ts'
import { sessionTags } from '../../src/core/identity/session-tags.ts'
import { parseInputs } from '../../src/core/inputs/parse-inputs.ts'
import type { AwsSession } from '../../src/ports/aws.ts'
import { everyAction } from '../support/every-action.ts'
import { EcsWorld } from '../support/ecs-world.ts'
import { pushedImage } from '../support/pushed-image.ts'

// A wait has hundreds of looks, each with its own calls.
jest.setTimeout(30_000)

const roleArn = 'arn:aws:iam::123456789012:role/deployer'
const minute = 60_000
/** All but the date. */
const timers = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const),
  ...(['setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
  ...(['setTimeout', 'clearTimeout'] as const),
]
const byToken = { 'role-to-assume': roleArn, 'role-duration-seconds': '900' }

let world: EcsWorld
let minted: number
let mint: () => Promise<string>
beforeEach(async () => {
  world = await EcsWorld.create()
  process.env['AWS_ENDPOINT_URL_STS'] = world.simulator.url
  // The SDK decides by the machine's date whether credentials still hold.
  const { clock } = world
  jest.useFakeTimers({ now: clock.now(), doNotFake: timers })
  clock.onRest = () => {
    jest.setSystemTime(clock.now())
  }
  minted = 0
  mint = () => {
    minted += 1
    return world.simulator.oidc.issue('sts.amazonaws.com')
  }
  world.simulator.iam.addRole({
    name: 'deployer',
    trustPolicy: trustGitHub({ accountId: '123456789012', subject: 'repo:octo-org/octo-repo:*' }),
  })
  world.script({ 'web:2': { startMs: 18 * minute } })
})
afterEach(async () => {
  jest.useRealTimers()
  delete process.env['AWS_ENDPOINT_URL_STS']
  await world.close()
})

/** A session by the real adapters, as the inputs ask for it. */
async function open(given: Readonly<Record<string, string>>): Promise<AwsSession> {
  const unused = (): never => {
    throw new Error('this test needs no such thing')
  }
  const aws = createAws({
    mintToken: () => mint(),
    ...{ readToken: unused, exportCredentials: unused, sessionTags: sessionTags({}) },
    mask: () => undefined,
    warn: (text) => world.report.warning(text),
    clock: world.clock,
  })
  const values = new Map(Object.entries({ mode: 'deploy', service: 'web', ...given }))
  const { inputs } = parseInputs(values, { region: 'us-east-1' })
  return await aws.open(inputs.identity, 'us-east-1', new AbortController().signal)
}

/** Credentials of a role that are good for a quarter of an hour. */
async function shortKeys(): Promise<Readonly<Record<string, string>>> {
  const { iam, url } = world.simulator
  iam.addRole({ name: 'short', trustPolicy: trustAccount('123456789012') })
  const credentials = iam.addUser({ name: 'ci' })
  const sts = new STSClient({ region: 'us-east-1', endpoint: url, credentials })
  const RoleArn = 'arn:aws:iam::123456789012:role/short'
  const asked = { RoleArn, RoleSessionName: 'ci', DurationSeconds: 900 }
  const { Credentials: keys } = await sts.send(new AssumeRoleCommand(asked))
  sts.destroy()
  return {
    'aws-access-key-id': keys?.AccessKeyId ?? '',
    'aws-secret-access-key': keys?.SecretAccessKey ?? '',
    'aws-session-token': keys?.SessionToken ?? '',
  }
}

let startedAtMs: number
const lastedMs = () => world.clock.monotonicMs() - startedAtMs
/** The looks are at most 4.4 s apart, and the one before them may just have been. */
const twoLooksMs = 3 * 4_400

async function deploy(session: AwsSession) {
  startedAtMs = world.clock.monotonicMs()
  return await world.deploy(pushedImage(1), { waitMinutes: 40 }, session)
}

/** Has `change` done once, after `afterMs` of the deployment. */
function meanwhile(afterMs: number, change: () => void): void {
  const { clock } = world
  const dueMs = clock.monotonicMs() + afterMs
  let done = false
  clock.onRest = () => {
    jest.setSystemTime(clock.now())
    if (done || clock.monotonicMs() < dueMs) return
    done = true
    change()
  }
}

describe('a wait that is longer than the credentials hold', () => {
  it('goes on with fresh ones, of a fresh token, for one and the same deployment', async () => {
    const outcome = await deploy(await open(byToken))
    expect(outcome).toMatchObject({ outcome: 'deployed', verified: true })
    expect(minted).toBe(2)
    expect(world.requests('UpdateService')).toBe(1)
  })

  it('is unknown two looks after static ones have ended, and says that ECS goes on', async () => {
    const outcome = await deploy(await open(await shortKeys()))
    expect(outcome).toMatchObject({
      ...{ outcome: 'unknown', changed: true, verified: false },
      error: { code: 'rollout-lost' },
    })
    expect(outcome.error?.remedy).toContain('goes on in AWS')
    expect(lastedMs()).toBeGreaterThan(14 * minute)
    expect(lastedMs()).toBeLessThan(15 * minute + twoLooksMs)
    expect(world.report.ongoing.join()).toContain('service-deployment/prod/web')
  })

  it('outlives an OIDC provider that is away for as long as the old ones hold', async () => {
    const session = await open(byToken)
    const away = new ActionError('oidc-failed', 'GitHub is away', 'Wait.')
    const works = mint
    meanwhile(9 * minute, () => {
      mint = () => Promise.reject(away)
      meanwhile(4 * minute, () => (mint = works))
    })
    expect(await deploy(session)).toMatchObject({ outcome: 'deployed', verified: true })
  })

  it('is unknown two looks after the old ones have ended where no fresh ones are given', async () => {
    const session = await open(byToken)
    meanwhile(9 * minute, () => {
      const refusal = new ActionError('oidc-unavailable', 'GitHub refused', 'Add id-token: write.')
      mint = () => Promise.reject(refusal)
    })
    const outcome = await deploy(session)
    expect(outcome).toMatchObject({ outcome: 'unknown', error: { code: 'rollout-lost' } })
    expect(lastedMs()).toBeGreaterThan(14 * minute)
    expect(lastedMs()).toBeLessThan(15 * minute + twoLooksMs)
  })
})

describe('a permission that is taken away during the wait', () => {
  const deny = (...actions: readonly string[]) => {
    const role = world.simulator.iam.role(roleArn)
    if (role !== undefined) role.allow = everyAction.filter((each) => !actions.includes(each))
  }

  it('that the watch cannot do without ends it two looks later', async () => {
    const session = await open(byToken)
    meanwhile(2 * minute, () => deny('ecs:DescribeServices'))
    const outcome = await deploy(session)
    expect(outcome).toMatchObject({ outcome: 'unknown', error: { code: 'rollout-lost' } })
    expect(lastedMs()).toBeLessThan(2 * minute + twoLooksMs)
  })

  it.each(['ecs:DescribeServiceDeployments', 'ecs:ListTasks', 'ecs:DescribeTasks'])(
    'that the watch can do without is one warning: %s',
    async (action) => {
      const session = await open(byToken)
      meanwhile(2 * minute, () => deny(action))
      expect(await deploy(session)).toMatchObject({ outcome: 'deployed' })
      expect(world.report.warnings.filter((text) => text.includes(action))).toHaveLength(1)
    },
  )
})
