import { describe, expect, it } from '@jest/globals'
import { readBuilder, type BuilderInputs } from '../../../../src/core/inputs/build/builder.ts'
import { InputReader } from '../../../../src/core/inputs/reader.ts'
import { judgeStrangers } from '../../../../src/core/inputs/strangers.ts'
import { binfmtImage, ownBuilder } from '../../../support/own-builder.ts'

type Given = Readonly<Record<string, string>>

function read(given: Given): { builder: BuilderInputs; problems: readonly string[] } {
  const reader = new InputReader(new Map(Object.entries(given)))
  const builder = readBuilder(reader)
  const problems = reader.problems.map(({ input, message }) => `${input} ${message}`)
  return { builder, problems }
}

const remote: Given = { driver: 'remote', endpoint: 'tcp://amd64:1234' }

describe('the builder', () => {
  it.each<[Given, BuilderInputs]>([
    [{}, ownBuilder()],
    [{ builder: 'theirs' }, { kind: 'existing', name: 'theirs', binfmtImage }],
    [{ driver: 'docker' }, { kind: 'engine', binfmtImage }],
    [
      { driver: 'docker', emulation: 'off' },
      { kind: 'engine', binfmtImage: undefined },
    ],
    [{ emulation: 'off' }, ownBuilder({ binfmtImage: undefined })],
    [
      { 'binfmt-image': 'public.ecr.aws/team/binfmt:1@sha256:00' },
      ownBuilder({ binfmtImage: 'public.ecr.aws/team/binfmt:1@sha256:00' }),
    ],
    [remote, ownBuilder({ driver: 'remote', endpoint: 'tcp://amd64:1234' })],
    [
      {
        'driver-opts': 'network=host\nimage=moby/buildkit:v0.32.2',
        'buildkitd-flags': '--debug --oci-worker-gc',
        'buildkitd-config-inline': '[registry."docker.io"]\n  mirrors = ["mirror:5000"]',
        'keep-builder': 'true',
      },
      ownBuilder({
        driverOptions: ['network=host', 'image=moby/buildkit:v0.32.2'],
        buildkitdFlags: '--debug --oci-worker-gc',
        buildkitdConfig: '[registry."docker.io"]\n  mirrors = ["mirror:5000"]',
        keep: true,
      }),
    ],
  ])('of %j is %j', (given, expected) => {
    expect(read(given)).toEqual({ builder: expected, problems: [] })
  })

  const makings: Given = {
    endpoint: 'ssh://builder',
    'driver-opts': 'network=host',
    'buildkitd-flags': '--debug',
    'buildkitd-config-inline': 'debug = true',
    append: '- endpoint: ssh://other',
    'keep-builder': 'true',
  }

  it('that is there already takes nothing that says how it is made', () => {
    const { problems } = read({ builder: 'theirs', driver: 'remote', ...makings })
    expect(problems).toEqual(
      ['driver', ...Object.keys(makings)].map(
        (input) =>
          `${input} has no effect on the existing builder "theirs"; leave one of the two out`,
      ),
    )
  })

  it("of the engine's own takes nothing that says how it is made", () => {
    const { problems } = read({ driver: 'docker', ...makings })
    expect(problems).toHaveLength(Object.keys(makings).length)
  })

  it.each<[Given, string]>([
    [
      { driver: 'kubernetes' },
      'driver is for existing builders only; make one with `docker buildx create --driver kubernetes` and name it in `builder`',
    ],
    [
      { driver: 'remote' },
      'endpoint is missing; the remote driver needs one such as tcp://builder:1234',
    ],
    [{ driver: 'cloud' }, 'driver is none of docker-container, docker, remote, kubernetes'],
    [
      { ...remote, 'buildkitd-flags': '--debug' },
      'buildkitd-flags has no effect on `driver: remote`, whose BuildKit runs already',
    ],
    [
      { ...remote, 'buildkitd-config-inline': 'debug = true' },
      'buildkitd-config-inline has no effect on `driver: remote`, whose BuildKit runs already',
    ],
    [{ emulation: 'on' }, 'emulation is none of auto, off'],
    [{ 'binfmt-image': '--privileged' }, 'binfmt-image is not an image reference'],
    [
      { 'binfmt-image': 'mine:1', emulation: 'off' },
      'binfmt-image has no effect with `emulation: off`; leave one of the two out',
    ],
  ])('refuses %j', (given, problem) => {
    expect(read(given).problems).toEqual([problem])
  })

  it('is told by `buildkitd-config` of the official action what to write here', () => {
    const reader = new InputReader(new Map([['buildkitd-config', 'buildkitd.toml']]))
    judgeStrangers(reader)
    expect(reader.problems[0]?.message).toContain('buildkitd-config-inline')
  })
})

describe('append', () => {
  it('takes the list of docker/setup-buildx-action', () => {
    const append = `
- name: arm
  endpoint: tcp://arm64:1234
  platforms: linux/arm64,linux/arm/v7
  driver-opts:
    - servername=buildkit
- endpoint: tcp://s390x:1234
  driver-opts: |
    default-load=false
`
    const { builder, problems } = read({ ...remote, append })
    expect(problems).toEqual([])
    expect(builder).toMatchObject({
      nodes: [
        {
          name: 'arm',
          endpoint: 'tcp://arm64:1234',
          platforms: ['linux/arm64', 'linux/arm/v7'],
          driverOptions: ['servername=buildkit'],
          buildkitdFlags: undefined,
        },
        {
          name: undefined,
          endpoint: 'tcp://s390x:1234',
          platforms: [],
          driverOptions: ['default-load=false'],
          buildkitdFlags: undefined,
        },
      ],
    })
  })

  it.each<[string, string]>([
    ['endpoint: ssh://b', 'is not a YAML list of nodes such as `- endpoint: ssh://builder`'],
    ['[]', 'is not a YAML list of nodes such as `- endpoint: ssh://builder`'],
    ['- ssh://b', 'node 1 is not an object with an `endpoint`'],
    ['- name: arm', 'node 1 has no `endpoint`, such as ssh://builder or tcp://builder:1234'],
    [
      '- endpoint: ssh://b\n  platfroms: linux/arm64',
      'node 1 has the unknown key "platfroms"; did you mean "platforms"?',
    ],
    ['- endpoint: --debug', 'node 1 has the endpoint "--debug", which is none'],
    ['- endpoint: 1', 'node 1 has a `endpoint` that is not a text'],
    [
      '- endpoint: ssh://b\n  platforms: arm',
      'node 1 has the platform "arm", which is none such as linux/arm64',
    ],
    [
      '- endpoint: ssh://b\n  driver-opts: {a: b}',
      'node 1 has `driver-opts` that are no list of texts',
    ],
    [
      '- endpoint: ssh://b\n  name: a b',
      'node 1 has the name "a b"; letters, digits, dots, dashes and underscores are allowed',
    ],
    ['- endpoint: ssh://b\n- endpoint: ssh://b', 'has the endpoint "ssh://b" twice'],
    ['- endpoint: ssh://b\n  name: a\n- endpoint: ssh://c\n  name: a', 'has the name "a" twice'],
  ])('refuses %j', (append, problem) => {
    const problems = read({ append }).problems
    expect(problems).toContain(`append ${problem}`)
  })

  it('refuses text that is no YAML, and says where', () => {
    expect(read({ append: '- endpoint: [' }).problems).toEqual([
      expect.stringMatching(/^append is not YAML: .* at line 1, column \d+$/),
    ])
  })

  it('refuses the endpoint of the first node', () => {
    const append = '- endpoint: tcp://amd64:1234'
    expect(read({ ...remote, append }).problems).toEqual([
      'append has the endpoint "tcp://amd64:1234" twice',
    ])
  })

  it('refuses flags of a daemon that runs already', () => {
    const append = '- endpoint: tcp://arm64:1234\n  buildkitd-flags: --debug'
    expect(read({ ...remote, append }).problems).toEqual([
      'append node 1 has `buildkitd-flags`, which have no effect with the remote driver',
    ])
  })
})
