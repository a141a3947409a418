import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import type { CreationTemplate } from '../../simulator/ecr/store/creation-template.ts'
import type { AwsClientSettings } from '../../src/adapters/aws/settings.ts'
import { inspectRepository } from '../../src/stages/preflight/inspect-repository.ts'
import { RecordingReport } from '../support/recording-report.ts'
import {
  openRegistry,
  registryHost,
  sessionOf,
  type TestRegistry,
} from '../support/test-registry.ts'

const names = { identityTags: ['sha-1'], movingTags: ['latest'] }
const forPushes = { prefix: 'team', appliedFor: ['CREATE_ON_PUSH'] } as const

let registry: TestRegistry
let report: RecordingReport
beforeEach(async () => {
  registry = await openRegistry()
  report = new RecordingReport()
})
afterEach(async () => registry.close())

const addTemplate = (template: CreationTemplate): void =>
  void registry.simulator.ecr.registry.templates.push(template)
const look = (as: AwsClientSettings = registry.settings) => {
  const ports = { report, signal: new AbortController().signal }
  return inspectRepository({ name: 'team/app' }, names, sessionOf(as), ports)
}

describe('a repository that is missing, where `create-repository` is not set', () => {
  it('is left to the push where a creation template covers it', async () => {
    addTemplate({ prefix: 'ROOT', appliedFor: ['CREATE_ON_PUSH'] })
    addTemplate({ ...forPushes, settings: { tagMutability: 'IMMUTABLE' } })
    const { repository, mutability, creation } = await look()
    expect(creation).toEqual({ kind: 'template', repository, prefix: 'team' })
    expect(mutability.tagMutability).toBe('IMMUTABLE')
    expect(repository.registry.host).toBe(registryHost)
  })

  it.each<[string, CreationTemplate]>([
    ['covers another', { ...forPushes, prefix: 'other' }],
    ['is not for pushes', { ...forPushes, appliedFor: ['REPLICATION'] }],
  ])('is an objection where the template %s', async (_what, template) => {
    addTemplate(template)
    await expect(look()).rejects.toMatchObject({
      code: 'repository-not-found',
      remedy: expect.stringContaining('create-repository: true'),
    })
  })

  it('is an objection where templates may not be read, with a line of the log', async () => {
    addTemplate(forPushes)
    const allowed = registry.settingsOf(['ecr:DescribeRepositories', 'ecr:GetAuthorizationToken'])
    await expect(look(allowed)).rejects.toMatchObject({ code: 'repository-not-found' })
    expect(report.warnings).toEqual([])
    expect(report.lines).toEqual([
      'team/app: without the permission ecr:DescribeRepositoryCreationTemplates it is not known ' +
        'whether a push would make the repository by a template',
    ])
  })

  it('is not told to be missing where the question for templates fails otherwise', async () => {
    const call = 'ecr:DescribeRepositoryCreationTemplates'
    registry.simulator.faults.add([{ call, error: 'ValidationException', status: 400 }])
    await expect(look()).rejects.toMatchObject({
      code: 'aws-refused',
      message: expect.stringContaining(call),
    })
  })
})
