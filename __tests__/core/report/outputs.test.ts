import { describe, expect, it } from '@jest/globals'

import { contentDigest } from '../../../src/core/image/content/verify.ts'
import { renderOutputs } from '../../../src/core/report/outputs.ts'
import {
  failedEnd,
  goodEnd,
  host,
  reportedImage,
  serviceOutcome,
} from '../../support/report-facts.ts'

const refused = { outcome: 'refused', changed: false, verified: false, error: undefined } as const

describe('outputs', () => {
  it('tell everything of a good run, and no error', () => {
    const facts = { image: reportedImage(), services: [serviceOutcome()] }
    const outputs = renderOutputs(goodEnd, facts, { build: 1.5 })
    expect(Object.fromEntries(outputs)).toMatchObject({
      ...{ outcome: 'deployed', changed: 'true', verified: 'true' },
      image: `${host}/web@${contentDigest('index')}`,
      'digest-linux-amd64': contentDigest('amd64'),
      'digest-linux-arm64': contentDigest('arm64'),
      tags: '["sha-1","1.2.3"]',
      timings: '{"build":1.5}',
      'deployment-id': 'ecs-svc/1',
      'console-url': expect.stringContaining('/clusters/prod/services/web/'),
    })
    expect(JSON.parse(outputs.get('platforms') ?? '')).toEqual({
      'linux/amd64': { digest: contentDigest('amd64'), sizeBytes: 12_345_678 },
      'linux/arm64': { digest: contentDigest('arm64'), sizeBytes: 11_000_000 },
    })
    expect(outputs.has('error-code')).toBe(false)
    expect(outputs.has('failure-reason')).toBe(false)
  })

  it('that pass between jobs never hold the registry host, where its account id is masked', () => {
    const outputs = renderOutputs(goodEnd, { image: reportedImage() }, {})
    for (const name of ['digest', 'tags', 'version', 'platforms'] as const) {
      expect(outputs.get(name)).not.toContain('123456789012')
    }
  })

  it('say why a red run is red', () => {
    const outputs = renderOutputs(failedEnd('the tasks crash'), {}, {})
    expect(outputs.get('error-code')).toBe('rollout-failed')
    expect(outputs.get('failure-reason')).toBe('the tasks crash')
  })

  it('leave out what is not known, on a run that was refused', () => {
    const outputs = renderOutputs(refused, {}, {})
    expect([...outputs.keys()]).toEqual(['outcome', 'changed', 'verified', 'timings'])
  })

  it('tell the digest of a push that was not read back', () => {
    const facts = { digest: 'sha256:1', version: '1.2.3' }
    const outputs = renderOutputs(failedEnd('gone'), facts, {})
    expect([outputs.get('digest'), outputs.get('version')]).toEqual(['sha256:1', '1.2.3'])
    expect(outputs.has('image')).toBe(false)
  })

  it('tell what was known of a deployment that ended in the midst of it', () => {
    const facts = {
      serviceArn: 'arn:aws:ecs:us-east-1:123456789012:service/prod/web',
      taskDefinitionArn: 'arn:web:2',
      deploymentId: 'ecs-svc/7',
    }
    const outputs = renderOutputs(failedEnd('gone'), facts, {})
    expect(outputs.get('deployment-id')).toBe('ecs-svc/7')
    expect(outputs.get('console-url')).toContain('/services/web/')
    expect(outputs.has('services')).toBe(false)
  })

  it('tell several services in `services`, and leave the scalars empty', () => {
    const services = [
      serviceOutcome(),
      serviceOutcome({ service: 'worker', outcome: 'failed', error: failedEnd('it fails').error }),
    ]
    const outputs = renderOutputs(failedEnd('it fails'), { services, deploymentId: 'last' }, {})
    for (const name of ['service-arn', 'deployment-id', 'task-definition-arn'] as const) {
      expect(outputs.get(name) ?? '').toBe('')
    }
    expect(JSON.parse(outputs.get('services') ?? '')).toMatchObject([
      { service: 'web', outcome: 'deployed', verified: true },
      { service: 'worker', outcome: 'failed', 'error-code': 'rollout-failed' },
    ])
  })

  it('tell of each service which image it got, and the file of its task definition', () => {
    const services = ['web', 'worker'].map((service) =>
      serviceOutcome({ service, renderedTaskDefinition: `/temporary/${service}.json` }),
    )
    const outputs = renderOutputs(goodEnd, { image: reportedImage(), services }, {})
    const image = {
      digest: contentDigest('index'),
      'digest-linux-arm64': contentDigest('arm64'),
      tags: ['sha-1', '1.2.3'],
    }
    expect(JSON.parse(outputs.get('services') ?? '')).toMatchObject([
      { service: 'web', ...image, 'task-definition': '/temporary/web.json' },
      { service: 'worker', ...image, 'task-definition': '/temporary/worker.json' },
    ])
  })
})
