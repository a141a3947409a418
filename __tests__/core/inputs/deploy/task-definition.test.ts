import { describe, expect, it } from '@jest/globals'

import { parseInputs } from '../../../../src/core/inputs/parse-inputs.ts'
import type { TaskDefinitionInputs } from '../../../../src/core/inputs/deploy/task-definition.ts'
import { noChanges } from '../../../../src/core/task-definition/changes/no-changes.ts'
import { inputRefusal } from '../../../support/input-problems.ts'

type Given = Readonly<Record<string, string>>
const deploy = { mode: 'deploy', service: 'web', 'aws-region': 'eu-west-1' }

function parse(given: Given): TaskDefinitionInputs {
  const { inputs } = parseInputs(new Map(Object.entries({ ...deploy, ...given })), {
    region: undefined,
  })
  return inputs.deploy.taskDefinition
}

const problem = (given: Given): string => inputRefusal(() => parse(given))

const arn = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:12'

describe('where the task definition comes from', () => {
  it.each<[Given, TaskDefinitionInputs['choice']]>([
    [{}, { kind: 'service' }],
    [{ 'task-definition': 'td.json' }, { kind: 'file', path: 'td.json' }],
    [{ 'task-definition-family': 'web' }, { kind: 'family', family: 'web' }],
    [
      { 'task-definition-family': 'web', 'task-definition-revision': '12' },
      { kind: 'revision', revision: 'web:12', region: undefined },
    ],
    [{ 'task-definition-arn': arn }, { kind: 'revision', revision: arn, region: 'eu-west-1' }],
  ])('is, by %j, %j', (given, choice) => {
    expect(parse(given)).toEqual({ choice, changes: noChanges })
  })

  it('is the target of a rollback, whatever releases by the same inputs use', () => {
    const given = { mode: 'rollback', 'task-definition': 'td.json', 'task-definition-arn': arn }
    expect(parse(given).choice).toMatchObject({ kind: 'revision', revision: arn })
  })

  it.each<[Given, string]>([
    [
      { 'task-definition': 'td.json', 'task-definition-arn': arn },
      'task-definition-arn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:12" and task-definition both say',
    ],
    [
      { 'task-definition-family': 'web', 'task-definition-arn': arn },
      'task-definition-family: "web" and task-definition-arn both say',
    ],
    [{ 'task-definition-revision': '3' }, 'is given without task-definition-family'],
    [{ 'task-definition-family': 'web:3' }, '"web:3" is no family name'],
    [{ 'task-definition-arn': 'web:12' }, '"web:12" is no ARN of a revision'],
    [{ 'task-definition-arn': arn.slice(0, -3) }, 'is no ARN of a revision'],
    [{ 'task-definition-arn': arn, 'aws-region': 'us-east-1' }, 'is in eu-west-1 although'],
  ])('is refused by %j', (given, text) => {
    expect(problem(given)).toContain(text)
  })

  it('names the region where nothing else does', () => {
    const values = new Map(
      Object.entries({ ...deploy, 'aws-region': '', 'task-definition-arn': arn }),
    )
    expect(parseInputs(values, { region: undefined }).region).toBe('eu-west-1')
  })
})

describe('what is changed of the task definition', () => {
  it('is read whole', () => {
    const { changes } = parse({
      'environment-variables': '# ours\nA=1=2\nEMPTY=\nOLD-\nDASH-=x\n',
      'container-secrets': 'TOKEN=arn:aws:ssm:eu-west-1:123456789012:parameter/t\nGONE-',
      'env-files': 'arn:aws:s3:::bucket/web, a.env\narn:aws-cn:s3:::other/b.env',
      'docker-labels': 'traefik.rule=Host(a)&&Query(x=y)\nteam-',
      command: `sh -c 'exec "$0"'`,
      'log-configuration-log-driver': 'awslogs',
      'log-configuration-options': 'awslogs-group=/web\nawslogs-multiline-pattern=^a=b',
      'task-role-arn': 'web',
      'execution-role-arn': 'arn:aws:iam::123456789012:role/team/execution',
      cpu: '.5 vCPU',
      memory: '1024',
      'container-images': 'app=nginx:1.27\nproxy=public.ecr.aws/envoy@sha256:1',
    })
    expect(changes).toEqual({
      container: {
        environment: {
          set: new Map([
            ['A', '1=2'],
            ['EMPTY', ''],
            ['DASH-', 'x'],
          ]),
          removed: new Set(['OLD']),
        },
        secrets: {
          set: new Map([['TOKEN', 'arn:aws:ssm:eu-west-1:123456789012:parameter/t']]),
          removed: new Set(['GONE']),
        },
        environmentFiles: ['arn:aws:s3:::bucket/web, a.env', 'arn:aws-cn:s3:::other/b.env'],
        dockerLabels: {
          set: new Map([['traefik.rule', 'Host(a)&&Query(x=y)']]),
          removed: new Set(['team']),
        },
        command: ['sh', '-c', 'exec "$0"'],
        logDriver: 'awslogs',
        logOptions: new Map([
          ['awslogs-group', '/web'],
          ['awslogs-multiline-pattern', '^a=b'],
        ]),
      },
      task: {
        taskRoleArn: 'web',
        executionRoleArn: 'arn:aws:iam::123456789012:role/team/execution',
        ...{ cpu: '.5 vCPU', memory: '1024' },
      },
      containerImages: new Map([
        ['app', 'nginx:1.27'],
        ['proxy', 'public.ecr.aws/envoy@sha256:1'],
      ]),
    })
  })

  it.each<[Given, Partial<TaskDefinitionInputs['changes']['container']>]>([
    [{ 'env-files': '-' }, { environmentFiles: [] }],
    [{ command: '["a b", ""]' }, { command: ['a b', ''] }],
    [{ command: '[]' }, { command: [] }],
    [{ command: `'[' -f x ']'` }, { command: ['[', '-f', 'x', ']'] }],
  ])('takes %j', (given, container) => {
    expect(parse(given).changes.container).toMatchObject(container)
  })

  it.each<[Given, string]>([
    [{ 'environment-variables': 'A=1\nhunter2' }, 'line 2 is neither KEY=value nor KEY-'],
    [{ 'environment-variables': '=hunter2' }, 'line 1 is neither KEY=value nor KEY-'],
    [{ 'environment-variables': 'A =hunter2' }, 'line 1 is neither KEY=value nor KEY-'],
    [{ 'environment-variables': 'A=hunter2\nA-' }, 'environment-variables: names "A" twice'],
    [{ 'container-secrets': 'A=' }, 'container-secrets: has no value for "A"'],
    [
      { 'environment-variables': 'A=hunter2', 'container-secrets': 'A=arn:hunter2' },
      'container-secrets: and environment-variables both name "A"',
    ],
    [{ 'docker-labels': 'hunter2' }, 'docker-labels: line 1 is neither'],
    [{ 'log-configuration-options': 'hunter2-' }, 'line 1 is not KEY=value'],
    [{ 'env-files': '-\narn:aws:s3:::b/a.env' }, '"-" is no ARN of an S3 object'],
    [{ 'env-files': 's3://b/a.env' }, '"s3://b/a.env" is no ARN of an S3 object'],
    [{ command: `echo 'hunter2` }, 'command: has an open single quote'],
    [{ command: '["hunter2"' }, 'command: begins with [ and is no JSON array'],
    [{ command: '["hunter2", 1]' }, 'command: begins with [ and is no JSON array'],
    [{ 'log-configuration-log-driver': 'AWS logs' }, '"AWS logs" is no log driver'],
    [{ 'task-role-arn': 'team/web' }, 'task-role-arn: "team/web" is neither a role ARN'],
    [{ 'execution-role-arn': 'arn:aws:iam::1:role/x' }, 'is neither a role ARN'],
    [{ cpu: '256m' }, 'cpu: "256m" is neither CPU units'],
    [{ memory: '1 GiB' }, 'memory: "1 GiB" is neither MiB'],
    [{ 'container-images': 'app=web' }, '"app=web" is not container=image'],
    [{ 'container-images': 'app=a:1\napp=a:2' }, '"app" names a container twice'],
    [{ 'container-images': 'app=a:1', image: '1.2.3', repository: 'web' }, 'leave `image` out'],
    [{ 'container-images': 'app=a:1', mode: 'release', repository: 'web' }, 'is for mode deploy'],
  ])('is refused, without a value that may be secret: %j', (given, text) => {
    expect(problem(given)).toContain(text)
    expect(problem(given)).not.toContain('hunter2')
  })
})
