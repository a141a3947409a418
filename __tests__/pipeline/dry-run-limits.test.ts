import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { ActionError } from '../../src/core/errors/action-error.ts'
import { renderSummary } from '../../src/core/report/summary.ts'
import { dryRun, planned, reads } from '../support/dry-run.ts'
import { PipelineWorld, type PipelineRun } from '../support/pipeline-world.ts'

const release = { repository: 'team/web', cluster: 'main', service: 'web' }
const secret = 'never-to-be-read'

let world: PipelineWorld
beforeEach(async () => {
  world = await PipelineWorld.create()
})
afterEach(async () => {
  await world.close()
})

const plan: (
  inputs: Readonly<Record<string, string>>,
  options?: Parameters<PipelineWorld['run']>[1],
) => Promise<PipelineRun> = (inputs, options) => dryRun(world, inputs, options)

describe('a dry run', () => {
  it('hands no credentials to later steps', async () => {
    const run = await plan({ ...release, 'output-env-credentials': 'true' })
    planned(run)
    expect(run.ports.report.notices).toEqual([
      'output-env-credentials: a dry run hands no credentials to later steps',
    ])
    const real = await world.run({ repository: 'team/web', 'output-env-credentials': 'true' })
    expect(real.exported).toBe(1)
  })

  it.each([
    ['release', { ...release, service: 'gone' }, 'service-not-found'],
    ['release', { ...release, repository: 'team/gone' }, 'repository-not-found'],
    ['merge', { ...release, mode: 'merge', digests: `sha256:${'0'.repeat(64)}` }, undefined],
    ['deploy', { ...release, mode: 'deploy', image: 'v9' }, undefined],
    ['rollback', { mode: 'rollback', cluster: 'main', service: 'web' }, 'rollback-impossible'],
    ['run', { mode: 'run', cluster: 'main', 'task-definition-family': 'gone' }, undefined],
    [
      'continue',
      { mode: 'continue', cluster: 'main', service: 'web', 'hook-action': 'rollback' },
      'pause-not-found',
    ],
  ] as const)(
    'of a %s that cannot be is refused without a write: %j',
    async (_mode, inputs, code) => {
      const { end, error } = await plan(inputs)
      expect(end).toBeUndefined()
      expect(error).toBeInstanceOf(ActionError)
      if (code !== undefined) expect(error).toMatchObject({ code })
    },
  )

  it('needs no permission to write', async () => {
    const allow = [...reads].filter((action) => action !== 'sts:GetCallerIdentity')
    planned(await plan(release, { allow }))
    const real = await world.run(release, { allow })
    expect(real.error).toMatchObject({ code: 'access-denied' })
  })

  it('is red where a read is denied', async () => {
    const allow = [...reads].filter((action) => action !== 'ecs:DescribeServices')
    expect((await plan(release, { allow })).error).toMatchObject({ code: 'access-denied' })
  })

  it('ends with the signal before its plan is told', async () => {
    const reason = new ActionError('cancelled', 'stop', '')
    const { error, ports } = await plan(release, { signal: AbortSignal.abort(reason) })
    expect([error, ports.report.facts.plan]).toEqual([reason, undefined])
  })
})

describe('a run that is not dry', () => {
  it('tells what the new revision changes before it registers it', async () => {
    const { ports } = await world.run({ ...release, 'environment-variables': `A=${secret}` })
    const { lines, facts } = ports.report
    const change = lines.indexOf('  containerDefinitions.web.environment.A: added')
    expect(change).toBeGreaterThan(-1)
    expect(change).toBeLessThan(lines.indexOf('registered web:2'))
    const end = { outcome: 'deployed', changed: true, verified: true, error: undefined } as const
    expect(renderSummary(end, facts, {})).toContain('environment.A: added')
    expect([lines.join('\n'), JSON.stringify(facts.definitionChanges)].join()).not.toContain(secret)
  })

  it('does what was planned', async () => {
    const inputs = { ...release, cpu: '512', memory: '1024', 'desired-count': '1' }
    const { plan: told } = planned(await plan(inputs))
    const real = await world.run(inputs)
    const changes = real.ports.report.facts.definitionChanges?.[0]?.changes ?? []
    expect(changes.map(({ path }) => path)).toEqual(
      told.taskDefinitions[0]?.changes.map(({ path }) => path),
    )
    expect(real.asked).toContain('ecs:UpdateService')
  })
})
