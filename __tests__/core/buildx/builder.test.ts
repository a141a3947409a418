import { describe, expect, it } from '@jest/globals'
import {
  builderName,
  createBuilderArguments,
  parseBuilder,
  type OwnBuilder,
} from '../../../src/core/buildx/builder.ts'

/** As buildx 0.13.1 prints a builder of two remote nodes. */
const inspected = `Name:          private
Driver:        remote
Last Activity: 2026-11-22 10:00:00 +0000 UTC

Nodes:
Name:           private0
Endpoint:       tcp://127.0.0.1:1234
Status:         running
BuildKit version: v0.12.5
Platforms:      linux/amd64*, linux/amd64/v2, linux/386
Name:           private1
Endpoint:       tcp://127.0.0.1:1235
Status:         running
Platforms:      linux/arm64*, linux/arm64/v8
`

describe('parseBuilder', () => {
  it('joins the platforms of all nodes', () => {
    expect(parseBuilder(inspected)).toEqual({
      driver: 'remote',
      platforms: ['linux/amd64', 'linux/amd64/v2', 'linux/386', 'linux/arm64'],
      errors: [],
    })
  })

  it('keeps what a node complains about', () => {
    const text =
      'Name: x\nDriver: docker-container\nNodes:\nName: x0\nError: listing workers: EOF\n'
    expect(parseBuilder(text).errors).toEqual(['listing workers: EOF'])
  })
})

const own: OwnBuilder = {
  kind: 'own',
  driver: 'docker-container',
  endpoint: undefined,
  driverOptions: ['a=1', 'b=2'],
  keep: true,
}

describe('builderName', () => {
  it('is one for equal settings, whatever the run, where the builder is kept', () => {
    const turned = { ...own, driverOptions: ['b=2', 'a=1'] }
    expect(builderName(turned, 'run 2')).toBe(builderName(own, 'run 1'))
    expect(builderName(own, 'run 1')).toMatch(/^steadyship-[0-9a-f]{12}$/)
  })

  it('is another for other settings', () => {
    const other: OwnBuilder = { ...own, driver: 'remote', endpoint: 'tcp://127.0.0.1:1' }
    expect(builderName(other, 'run 1')).not.toBe(builderName(own, 'run 1'))
  })

  it('belongs to the run where the builder is taken away afterwards', () => {
    const passing = { ...own, keep: false }
    expect(builderName(passing, 'run 2')).not.toBe(builderName(passing, 'run 1'))
  })
})

describe('createBuilderArguments', () => {
  it('gives the endpoint where it can be no option', () => {
    const remote: OwnBuilder = { ...own, driver: 'remote', endpoint: 'tcp://127.0.0.1:1' }
    expect(createBuilderArguments(remote, 'x')).toEqual([
      'buildx',
      'create',
      '--name=x',
      '--driver=remote',
      '--driver-opt=a=1',
      '--driver-opt=b=2',
      '--',
      'tcp://127.0.0.1:1',
    ])
  })
})
