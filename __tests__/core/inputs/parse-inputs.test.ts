import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { InputErrors } from '../../../src/core/errors/action-error.ts'
import { declaredInputs } from '../../../src/core/inputs/declared.ts'
import { parseInputs, type ParsedInputs } from '../../../src/core/inputs/parse-inputs.ts'
import { inputProblems } from '../../support/input-problems.ts'

const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'
const digest = `sha256:${'a'.repeat(64)}`

function parse(given: Record<string, string>, region?: string): ParsedInputs {
  return parseInputs(new Map(Object.entries(given)), { region })
}

/** What is told of wrong inputs: `name: message`. */
const problems = (given: Record<string, string>, region?: string): readonly string[] =>
  inputProblems(() => parse(given, region))

const release = { repository: 'team/web', 'aws-region': 'eu-central-1' }
const deploy = { mode: 'deploy', service: 'web', 'aws-region': 'eu-central-1' }

describe('inputs of a release', () => {
  it('need nothing but a repository and a region', () => {
    const { inputs } = parse(release)
    expect(inputs).toMatchObject({
      mode: 'release',
      build: { platforms: ['linux/amd64', 'linux/arm64'], context: '.', skipExisting: 'auto' },
      deploy: { services: [], waitForStability: true, maxTaskFailures: 3 },
    })
  })

  it('mean the same whether the runner passes the defaults or nothing', () => {
    const defaults = Object.entries(declaredInputs).map(([name, input]) => [name, input.default])
    const passed = { ...Object.fromEntries<string>(defaults as [string, string][]), ...release }
    expect(parse(passed)).toEqual(parse(release))
  })

  it.each<[string, Record<string, string>, string, string | undefined]>([
    [
      'aws-region',
      { 'aws-region': 'us-east-1', repository: `${host}/team/web` },
      'us-east-1',
      undefined,
    ],
    ['the environment', { repository: `${host}/team/web` }, 'eu-west-1', 'eu-west-1'],
    ['the repository', { repository: `${host}/team/web` }, 'eu-central-1', undefined],
    [
      'the ARN of the service',
      { repository: 'web', service: 'arn:aws:ecs:ap-south-1:123456789012:service/c/s' },
      'ap-south-1',
      undefined,
    ],
  ])('take the region from %s', (_from, given, region, environment) => {
    expect(parse(given, environment).region).toBe(region)
  })

  it('tell every problem at once, each with its value and what is allowed', () => {
    expect(
      problems({
        mode: 'release',
        platforms: 'linux/amd64,what?',
        'role-duration-seconds': '60',
        'no-cache': 'yes',
        service: 'a b',
        'skip-existing': 'maybe',
        'build-args': '=x',
        context: '../elsewhere',
      }),
    ).toEqual([
      'role-duration-seconds: is not a whole number from 900 to 43200',
      'service: is neither service, cluster/service nor a service ARN',
      'platforms: is not a platform such as linux/arm64',
      'context: is not a path inside the workspace',
      'build-args: is not NAME=value',
      'no-cache: is not a boolean; write true or false',
      'skip-existing: is none of auto, true, false',
      'repository: is missing; name the ECR repository that the image is pushed to, use `mode: deploy`, or `push: false`',
      'aws-region: is missing; set it, or AWS_REGION in the environment',
    ])
  })

  it('read platforms as a list with commas, lines and comments, each once', () => {
    const { inputs } = parse({
      ...release,
      platforms: 'linux/amd64, linux/arm64/v8\n# and again\nlinux/aarch64',
    })
    expect(inputs.mode === 'release' && inputs.build.platforms).toEqual([
      'linux/amd64',
      'linux/arm64',
    ])
  })

  it('keep commas and equals signs in build arguments', () => {
    const { inputs } = parse({ ...release, 'build-args': 'A=1,2\nB=x=y\n# no\nC' })
    expect(inputs.mode === 'release' && inputs.build.buildArguments).toEqual([
      'A=1,2',
      'B=x=y',
      'C',
    ])
  })

  it('warn of build arguments that look like secrets', () => {
    const { warnings } = parse({ ...release, 'build-args': 'NPM_TOKEN=hunter2' })
    expect(warnings).toEqual([
      'build-args: the value of "NPM_TOKEN" can be read by all who can pull the image',
    ])
  })

  it.each([
    ['https://x:y@github.com/a/b.git', 'has credentials in it'],
    ['/etc', 'is not a path inside the workspace'],
    ['a/../../b', 'is not a path inside the workspace'],
  ])('refuse the context %s', (context, message) => {
    expect(problems({ ...release, context }).join()).toContain(message)
  })

  it('refuse an image, because it says what to act on', () => {
    expect(problems({ ...release, image: digest })).toEqual([
      expect.stringMatching(
        /^image: is for mode deploy or .*continue.*, and this is mode release$/,
      ),
    ])
  })

  it.each([['driver-opts'], ['endpoint'], ['driver']])(
    'refuse %s beside an existing builder',
    (name) => {
      const given = { ...release, builder: 'mine', [name]: name === 'driver' ? 'remote' : 'x=y' }
      expect(problems(given)).toEqual([
        `${name}: has no effect on the existing builder "mine"; leave one of the two out`,
      ])
    },
  )
})

describe('inputs of a deploy', () => {
  it('need a service', () => {
    expect(problems({ mode: 'deploy', 'aws-region': 'eu-central-1' })).toEqual([
      'service: is missing; `mode: deploy` needs the service to deploy to',
    ])
  })

  it('name the build inputs that are not used, in one notice', () => {
    const { notices } = parse({ ...deploy, platforms: 'linux/amd64', target: 'app' })
    expect(notices).toEqual(['mode deploy does not use platforms, target'])
  })

  it.each([
    ['web', { cluster: 'default', service: 'web' }],
    ['main/web', { cluster: 'main', service: 'web' }],
    ['arn:aws:ecs:eu-central-1:123456789012:service/main/web', { cluster: 'main', service: 'web' }],
    ['arn:aws:ecs:eu-central-1:123456789012:service/web', { cluster: 'default', service: 'web' }],
  ])('read the service %s', (service, expected) => {
    expect(parse({ ...deploy, service }).inputs.deploy.services).toMatchObject([expected])
  })

  it('refuse a service of another region and one that is named twice', () => {
    const arn = 'arn:aws:ecs:us-east-1:123456789012:service/default/web'
    expect(problems({ ...deploy, service: `web\n${arn}` })).toEqual([
      'service: is named twice',
      'service: is in us-east-1 although the region is eu-central-1',
    ])
  })

  it.each([[digest], ['v1.2.3'], [`sha-${'0'.repeat(40)}`]])(
    'look the image %s up in the repository, and say so where none is named',
    (image) => {
      expect(parse({ ...deploy, image, repository: 'team/web' }).inputs.deploy.image).toBe(image)
      expect(problems({ ...deploy, image }).join()).toContain('repository: is missing')
    },
  )

  it('take a reference without a repository', () => {
    const image = `${host}/team/web@${digest}`
    expect(parse({ ...deploy, image }).inputs.deploy.image).toBe(image)
  })

  it.each([['-x'], ['a b'], ['host/x@sha256:short'], ['x:y:z']])('refuse the image %s', (image) => {
    expect(problems({ ...deploy, image, repository: 'team/web' }).join()).toContain(
      'image: is no image',
    )
  })
})

describe('identity inputs', () => {
  it('complete a role name by the one allowed account', () => {
    const { inputs } = parse({
      ...release,
      'role-to-assume': 'deployer',
      'allowed-account-ids': '123456789012',
      'aws-region': 'cn-north-1',
    })
    expect(inputs.identity.roleToAssume).toBe('arn:aws-cn:iam::123456789012:role/deployer')
  })

  it('refuse half a key, and never show it', () => {
    const told = () => parse({ ...release, 'aws-secret-access-key': 'hunter2' })
    expect(told).toThrow('aws-access-key-id: is missing although aws-secret-access-key is given')
    expect(told).not.toThrow('hunter2')
  })
})

describe('inputs that action.yml does not declare', () => {
  it('are warned of with the nearest name', () => {
    expect(parse({ ...release, sevice: 'web' }).warnings).toEqual([
      'the input "sevice" is not known and has no effect; did you mean "service"?',
    ])
  })

  it('are told what we do instead where an official action has them', () => {
    expect(parse({ ...release, 'skip-logout': 'true' }).notices[0]).toContain('skip-logout')
  })

  it('are errors where they would change the result', () => {
    expect(problems({ ...release, 'http-proxy': 'http://proxy:1' })).toEqual([
      'http-proxy: is not an input of this action; set HTTPS_PROXY in `env`',
    ])
  })

  it.each(['call', 'comment', 'express-service', 'schedules'])(
    'are errors where this version cannot do it yet: %s',
    (name) => {
      expect(problems({ ...release, [name]: 'x' })[0]).toContain('not supported yet')
    },
  )

  it('are nothing where they are empty', () => {
    const { notices, warnings } = parse({ ...release, images: '', sevice: '', use: ' ' })
    expect([notices, warnings]).toEqual([[], []])
  })

  it('may say that a registry is private, and not that it is public', () => {
    expect(parse({ ...release, 'registry-type': 'private' }).notices[0]).toContain('private')
    expect(problems({ ...release, 'registry-type': 'public' })[0]).toContain('public.ecr.aws')
  })

  it('of a merge may order its services and name a revision, like those of a release', () => {
    const arn = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1'
    const used = { 'deploy-order': 'sequential', 'task-definition-arn': arn, service: 'web' }
    expect(parse({ ...release, mode: 'merge', digests: digest, ...used }).notices).toEqual([])
  })
})

describe('a wrong input', () => {
  it.each([
    ['push', { ...release, push: 'maybe', load: 'true' }],
    [
      'wait-for-service-stability',
      { ...release, 'wait-for-service-stability': 'perhaps', service: 'web' },
    ],
    [
      'wait-for-service-stability',
      { ...deploy, 'wait-for-service-stability': '?', 'run-task': 'after', image: 'v1' },
    ],
  ])('is told once, whatever depends on it: %s', (input, given) => {
    const told = problems(given).filter((problem) =>
      problem.startsWith(`${input}: is not a boolean`),
    )
    expect(told).toHaveLength(1)
  })

  it('is not told of a mode that the run does not have', () => {
    const image = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web@${digest}`
    const given = { image, service: 'web', 'container-images': 'app=web:1' }
    expect(problems(given, 'eu-west-1')).toEqual([
      'container-images: alone sets the images; leave `image` out',
    ])
  })
})

describe('any inputs', () => {
  it('are parsed or refused by name, never anything else', () => {
    const name = fc.constantFrom(...Object.keys(declaredInputs))
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ unit: 'grapheme' })), (given) => {
        try {
          parse(given, 'eu-central-1')
        } catch (error) {
          expect(error).toBeInstanceOf(InputErrors)
        }
      }),
    )
  })
})

describe('an image without a repository', () => {
  it('is a redeployment, and that is said', () => {
    const { inputs, notices } = parseInputs(
      new Map([
        ['image', `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:${'a'.repeat(64)}`],
        ['service', 'web'],
      ]),
      { region: 'eu-west-1' },
    )
    expect(inputs.mode).toBe('deploy')
    expect(notices).toContain('`image` is given and no `repository`: this is `mode: deploy`')
  })

  it('beside one is still an error: nobody knows which is meant', () => {
    const values = new Map([
      ['image', 'v1'],
      ['repository', 'web'],
    ])
    expect(() => parseInputs(values, { region: 'eu-west-1' })).toThrow(/image: .* is for mode/)
  })
})

describe('a key that would stand in arguments', () => {
  it.each([
    [
      'cache-to',
      'type=s3,bucket=b,access_key_id=A,secret_access_key=hush',
      /cache-to: .*holds a key/,
    ],
    ['cache-from', 'type=gha,token=hush', /cache-from: .*holds a key/],
    ['build-contexts', 'x=https://me:hush@example.com/x.git', /build-contexts: .*holds a login/],
  ])('is refused in %s, and not shown', (input, value, message) => {
    const values = new Map([
      ['repository', 'web'],
      [input, value],
    ])
    const parse = () => parseInputs(values, { region: 'eu-west-1' })
    expect(parse).toThrow(message)
    expect(parse).not.toThrow(/hush/)
  })
})
