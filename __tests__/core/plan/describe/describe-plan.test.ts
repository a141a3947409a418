import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { describePlan } from '../../../../src/core/plan/describe/describe-plan.ts'
import type { ComparedDefinition } from '../../../../src/core/plan/describe/describe-definition.ts'
import type { PushedImage } from '../../../../src/core/image/image.ts'
import type { BuiltImagePlan } from '../../../../src/core/plan/image/image-plan.ts'
import type { Plan } from '../../../../src/core/plan/plan.ts'
import type { RunTaskPlan } from '../../../../src/core/plan/service/run-task-plan.ts'
import type { ServicePlan } from '../../../../src/core/plan/service/service-plan.ts'
import { planLines } from '../../../../src/core/report/plan-lines.ts'
import { renderSummary } from '../../../../src/core/report/summary.ts'
import { buildSettings } from '../../../support/build-settings.ts'
import { imagePlan } from '../../../support/image-plan.ts'
import { definitions, marked, secretText } from '../../../support/marked-definition.ts'
import { definitionSource, releasePlan, servicePlan } from '../../../support/planned-release.ts'
import { usualPolicies } from '../../../support/usual-policies.ts'

const plainDefinition = {
  family: 'web',
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [{ name: 'app', image: 'web:1' }],
}
const source = definitionSource(plainDefinition)

const comparedWith = (
  plan: ServicePlan,
  differences: Partial<ComparedDefinition> = {},
): ComparedDefinition => ({
  ...{ plan, input: plainDefinition, before: source.definition },
  ...{ registered: true, identical: undefined },
  ...differences,
})

/** A build whose every value that could be a secret is one. */
const secretBuild = (secret: string): BuiltImagePlan['build'] => ({
  ...imagePlan().build,
  contextDirectory: `https://user:${encodeURIComponent(secret)}@host/x.git?token=marked-secret#main`,
  buildArguments: ['FROM_ENVIRONMENT', `KEY=${secret}`],
  settings: buildSettings({
    buildContexts: ['base=https://user:marked-secret@host/base.git'],
    secrets: [
      { kind: 'text', id: 'npm', text: secret },
      { kind: 'variable', id: 'variable', name: 'marked-secret' },
      { kind: 'file', id: 'file', path: 'marked-secret' },
    ],
    ssh: ['default', 'key=marked-secret'],
    cacheFrom: ['type=s3,bucket=b,region=r,secret_access_key=marked-secret', 'host/cache:main'],
    cacheTo: ['type=gha,scope=main,token=marked-secret,mode=max'],
    exporters: ['type=local,dest=out'],
  }),
})

const secretTask = (secret: string): RunTaskPlan => ({
  ...{ when: 'before', cluster: 'prod', container: undefined, waitMs: 60_000, logLines: 3 },
  request: {
    count: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    tags: [{ key: 'a', value: secret }],
    overrides: {
      containerOverrides: [
        { name: 'app', command: [secret], environment: [{ name: 'ONCE', value: secret }] },
      ],
    },
  },
})

describe('the description of a plan', () => {
  it('holds no value that could be a secret, and neither do its log and its summary', () => {
    fc.assert(
      fc.property(definitions, definitions, secretText, (before, input, secret) => {
        const service = servicePlan(definitionSource(before), {
          settings: {
            volumeConfigurations: [{ name: 'data', managedEBSVolume: { note: secret } }],
          },
        })
        const plan = releasePlan([service], {
          images: [imagePlan({ build: secretBuild(secret), dockerfileText: secret })],
          task: secretTask(secret),
        })
        const told = describePlan(plan, [comparedWith(service, { input, before })])
        const end = {
          outcome: 'planned',
          changed: false,
          verified: false,
          error: undefined,
        } as const
        const everything = [
          JSON.stringify(told),
          ...planLines(told),
          renderSummary(end, { plan: told }, {}),
        ]
        expect(everything.filter((text) => marked.test(text))).toEqual([])
      }),
    )
  })

  it('shows what docker is asked by names, places and modes', () => {
    const plan: Plan = { mode: 'build', image: imagePlan({ build: secretBuild('marked-secret') }) }
    const [image] = describePlan(plan, []).images
    expect(image?.build).toEqual(
      expect.arrayContaining([
        ...['docker', 'buildx', 'build', '--builder=steadyship-…', '--metadata-file=…'],
        ...['--build-arg=FROM_ENVIRONMENT', '--build-arg=KEY=…'],
        ...['--secret=id=npm,src=…', '--secret=id=variable,src=…', '--secret=id=file,src=…'],
        ...['--ssh=default', '--ssh=key=…', '--output=type=local,dest=out'],
        '--build-context=base=https://…@host/base.git',
        '--cache-from=type=s3,bucket=b,region=r,secret_access_key=…',
        '--cache-from=host/cache:main',
        '--cache-to=type=gha,scope=main,token=…,mode=max',
        'https://…@host/x.git?…#main',
      ]),
    )
  })

  it('is one line a service, however its rollout goes', () => {
    const service = servicePlan(source, {
      deploymentConfiguration: { strategy: 'CANARY' },
      forceNewDeployment: true,
      settings: { desiredCount: 3 },
      policies: { ...usualPolicies, onTimeout: 'rollback', onActiveDeployment: 'wait' },
    })
    const lines = planLines(describePlan(releasePlan([service]), [comparedWith(service)]))
    expect(lines).toContain(
      'service prod/web: web:12 -> the new revision; CANARY; awaited until deployed, for 30 min 00 s at most; ' +
        'a new deployment is forced; changes desired-count; policies onTimeout rollback, onActiveDeployment wait',
    )
  })

  it('of a repository that is made shows its lifecycle policy', () => {
    const { repository } = imagePlan()
    const lifecyclePolicy = '{"rules":[]}'
    const mutability = { tagMutability: 'IMMUTABLE', exclusionFilters: [] } as const
    const encryption = { type: 'AES256', kmsKey: undefined } as const
    const policies = { lifecyclePolicy, repositoryPolicy: undefined }
    const settings = { mutability, scanOnPush: false, encryption, ...policies, tags: {} }
    const plan = releasePlan([], {
      images: [imagePlan({ creates: [{ kind: 'create', repository, mutability, settings }] })],
    })
    const told = describePlan(plan, [])
    expect(told.images[0]?.creates).toMatchObject([{ lifecyclePolicy }])
    expect(planLines(told)[0]).toMatch(
      /is made: IMMUTABLE, AES256.*; lifecycle policy: {"rules":\[\]}$/,
    )
    expect(told.unprovenPermissions).toEqual(
      expect.arrayContaining(['ecr:CreateRepository', 'ecr:PutLifecyclePolicy']),
    )
  })
})

describe('the permissions that only the run can prove', () => {
  const push = [
    ...['ecr:BatchCheckLayerAvailability', 'ecr:CompleteLayerUpload'],
    ...['ecr:GetAuthorizationToken', 'ecr:InitiateLayerUpload', 'ecr:PutImage'],
    'ecr:UploadLayerPart',
  ]
  const adopted = { registered: false, identical: 'web:12' } as const
  const service = servicePlan(source)
  const acting = servicePlan(source, {
    forceNewDeployment: true,
    policies: { ...usualPolicies, onCancel: 'rollback' },
    wait: { ...service.wait, onPause: 'continue' },
  })
  const existing: PushedImage = {
    ...{ repository: imagePlan().repository, digest: `sha256:${'a'.repeat(64)}`, platforms: [] },
    ...{ tags: imagePlan().identityTags, version: '1.2.3', commit: undefined, reused: true },
  }
  const gates = { maxImageSize: undefined, scan: { kind: 'report', timeoutMs: 1 } } as const

  it.each<readonly [string, Plan, readonly ComparedDefinition[], readonly string[]]>([
    ['a leg', { mode: 'build', image: imagePlan() }, [], push],
    [
      'an image that is there under all its names',
      releasePlan([], { images: [imagePlan({ existing })] }),
      [],
      [],
    ],
    [
      'one that lacks a moving tag, with a scan',
      releasePlan([], { images: [imagePlan({ existing, movingTags: ['latest'], gates })] }),
      [],
      ['ecr:DescribeImageScanFindings', 'ecr:PutImage', 'ecr:StartImageScan'],
    ],
    [
      'one that is copied',
      releasePlan([], {
        images: [
          imagePlan({
            existing,
            copies: [{ repository: imagePlan().repository, existing: undefined }],
          }),
        ],
      }),
      [],
      push,
    ],
    [
      'a service that is so already',
      { ...releasePlan([service]), mode: 'deploy', images: [] },
      [comparedWith(service, adopted)],
      [],
    ],
    [
      'a restart, with policies that act',
      { ...releasePlan([acting]), mode: 'deploy', images: [] },
      [comparedWith(acting, adopted)],
      ['ecs:ContinueServiceDeployment', 'ecs:StopServiceDeployment', 'ecs:UpdateService'],
    ],
    [
      'a definition with tags and roles',
      { ...releasePlan([service]), mode: 'deploy', images: [] },
      [comparedWith(service, { input: { ...plainDefinition, tags: [{ key: 'a' }] } })],
      ['ecs:RegisterTaskDefinition', 'ecs:TagResource', 'ecs:UpdateService', 'iam:PassRole'],
    ],
  ])('of %s', (_what, plan, compared, expected) => {
    expect(describePlan(plan, compared).unprovenPermissions).toEqual(expected)
  })
})
