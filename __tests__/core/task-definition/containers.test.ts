import { describe, expect, it } from '@jest/globals'

import {
  chooseChangedContainers,
  chooseContainers,
} from '../../../src/core/task-definition/containers.ts'
import { checkPlatform, requiredPlatform } from '../../../src/core/task-definition/platform.ts'

const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'
const repository = {
  registry: { host, accountId: '123456789012', region: 'eu-west-1' },
  name: 'shop/web',
}
const definition = (containers: Readonly<Record<string, string>>) => ({
  containerDefinitions: Object.entries(containers).map(([name, image]) => ({ name, image })),
})
const choose = (containers: Readonly<Record<string, string>>, given: readonly string[] = []) =>
  chooseContainers(definition(containers), given, { repository }, 'task definition web:1')

describe('choosing the containers that get the image', () => {
  it.each([
    ['the one of the repository, by tag', { a: `${host}/shop/web:v1`, b: 'envoy' }, ['a']],
    ['the one of the repository, by digest', { a: `${host}/shop/web@sha256:1`, b: 'x/y' }, ['a']],
    [
      'by another host of the same registry',
      { a: host.replace('dkr.ecr', 'dkr.ecr-fips') + '/shop/web', b: 'x' },
      ['a'],
    ],
    [
      'several that hold the same reference',
      { a: `${host}/shop/web:1`, b: `${host}/shop/web:1` },
      ['a', 'b'],
    ],
    ['the only one, whatever it runs', { a: 'nginx' }, ['a']],
  ])('takes %s', (_what, containers, expected) => {
    expect(choose(containers)).toEqual(expected)
  })

  it('takes the names that were given, whatever they run', () => {
    expect(choose({ a: `${host}/shop/web:1`, b: 'x', c: 'y' }, ['b', 'c'])).toEqual(['b', 'c'])
  })

  it.each([
    ['several with different images', { a: `${host}/shop/web:1`, b: `${host}/shop/web:2` }],
    ['none of several', { a: 'nginx', b: `${host}/shop/webhook:1` }],
    ['no containers', {}],
  ])('refuses to guess: %s', (_what, containers) => {
    expect(() => choose(containers)).toThrow(
      expect.objectContaining({ code: 'container-ambiguous' }),
    )
  })

  it('lists what there is when a name is unknown', () => {
    expect(() => choose({ app: 'nginx', proxy: 'envoy' }, ['ap'])).toThrow(
      'task definition web:1 has no container "ap"; it has "app" (nginx), "proxy" (envoy)',
    )
  })
})

describe('choosing the containers that are changed', () => {
  const two = definition({ app: 'nginx', proxy: 'envoy' })
  const changed = (given: readonly string[], ofImage: readonly string[], of = two) =>
    chooseChangedContainers(of, given, ofImage, 'file td.json')

  it('takes the names that were given, else the one with the image, else the only one', () => {
    expect(changed(['app', 'proxy'], ['app'])).toEqual(['app', 'proxy'])
    expect(changed([], ['proxy'])).toEqual(['proxy'])
    expect(changed([], [], definition({ app: 'nginx' }))).toEqual(['app'])
  })

  it('refuses to guess between several, and lists them', () => {
    for (const ofImage of [[], ['app', 'proxy']]) {
      expect(() => changed([], ofImage)).toThrow(
        'several containers of file td.json could be meant by the changes: "app" (nginx), "proxy" (envoy)',
      )
    }
    expect(() => changed(['ap'], [])).toThrow('file td.json has no container "ap"')
  })
})

describe('the platform that tasks need', () => {
  const fargate = { requiresCompatibilities: ['FARGATE'] }
  it.each([
    ['Fargate by default', fargate, undefined, 'linux/amd64'],
    ['a service on Fargate by default', {}, 'FARGATE', 'linux/amd64'],
    ['ARM64', { runtimePlatform: { cpuArchitecture: 'ARM64' } }, undefined, 'linux/arm64'],
    ['X86_64', { runtimePlatform: { cpuArchitecture: 'X86_64' } }, 'EC2', 'linux/amd64'],
    [
      'Windows',
      { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
      'FARGATE',
      'windows/amd64',
    ],
    ['EC2, which only the instances know', fargate, 'EC2', undefined],
    ['an unknown launch type', {}, undefined, undefined],
  ])('of %s', (_what, members, launchType, expected) => {
    expect(requiredPlatform(members, launchType)).toBe(expected)
  })

  it('is compared with those of the image', () => {
    const image = { name: 'the image', platforms: ['linux/arm64'] as const }
    expect(checkPlatform('linux/arm64', image, 'web:1')).toBeUndefined()
    expect(checkPlatform(undefined, image, 'web:1')).toBeUndefined()
    expect(checkPlatform('linux/amd64', image, 'web:1')?.message).toBe(
      'tasks of web:1 run on linux/amd64, and the image is for linux/arm64 only',
    )
  })
})
