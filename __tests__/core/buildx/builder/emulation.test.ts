import { describe, expect, it } from '@jest/globals'
import {
  installations,
  isOwnHandler,
  isTaken,
  localEngine,
  notRemoved,
  parseKernelEmulation,
  planEmulation,
  type KernelEmulation,
} from '../../../../src/core/buildx/builder/emulation.ts'
import type { Platform } from '../../../../src/core/image/platform.ts'

const bare: KernelEmulation = { platforms: ['linux/amd64', 'linux/386'], handlers: [] }

describe('parseKernelEmulation', () => {
  it('reads what tonistiigi/binfmt prints', () => {
    const printed = `{
  "supported": ["linux/amd64", "linux/amd64/v2", "linux/arm64", "linux/386"],
  "emulators": ["python3.11", "qemu-aarch64"]
}
`
    expect(parseKernelEmulation(printed)).toEqual({
      platforms: ['linux/amd64', 'linux/amd64/v2', 'linux/arm64', 'linux/386'],
      handlers: ['python3.11', 'qemu-aarch64'],
    })
  })

  it('takes the null of a kernel without handlers', () => {
    expect(parseKernelEmulation('{"supported":["linux/amd64"],"emulators":null}')).toEqual({
      platforms: ['linux/amd64'],
      handlers: [],
    })
  })

  it.each(['', 'hello', '[]', '{"emulators":[]}'])('refuses %j', (text) => {
    expect(parseKernelEmulation(text)).toBeUndefined()
  })
})

describe('planEmulation', () => {
  const register = (...emulators: (readonly [string, string])[]) => ({
    kind: 'register',
    emulators: emulators.map(([architecture, handler]) => ({ architecture, handler })),
  })

  it.each<[readonly Platform[], object]>([
    [['linux/arm64'], register(['arm64', 'qemu-aarch64'])],
    [['linux/arm/v7', 'linux/arm/v6'], register(['arm', 'qemu-arm'])],
    [['linux/arm64', 'linux/s390x'], register(['arm64', 'qemu-aarch64'], ['s390x', 'qemu-s390x'])],
  ])('registers for %j no more than they need', (missing, plan) => {
    expect(planEmulation(missing, ['linux/amd64'], bare)).toEqual(plan)
  })

  it('registers nothing that the kernel runs already and only the builder has not seen', () => {
    const kernel = { platforms: [...bare.platforms, 'linux/arm64'], handlers: ['qemu-aarch64'] }
    expect(planEmulation(['linux/arm64'], ['linux/amd64'], kernel as KernelEmulation)).toEqual(
      register(),
    )
  })

  it.each<[string, readonly Platform[], readonly Platform[], KernelEmulation, string]>([
    ['another system', ['windows/amd64'], ['linux/arm64'], bare, 'no emulation of windows/amd64'],
    ['an unknown CPU', ['linux/wasm'], ['linux/amd64'], bare, 'no emulation of linux/wasm'],
    ['a later CPU of its own', ['linux/amd64/v4'], ['linux/amd64'], bare, 'runs amd64 already'],
    ['what the kernel runs in part', ['linux/amd64/v4'], [], bare, 'runs amd64 already'],
    [
      'a handler of somebody else',
      ['linux/arm64'],
      ['linux/amd64'],
      { ...bare, handlers: ['qemu-aarch64'] },
      'qemu-aarch64 is registered already',
    ],
  ])('registers nothing for %s', (_what, missing, builder, kernel, reason) => {
    expect(planEmulation(missing, builder, kernel)).toEqual({
      kind: 'impossible',
      reason: expect.stringContaining(reason),
    })
  })
})

describe('what the helper says', () => {
  it('tells ours from those that somebody was faster to register', () => {
    const said = installations([
      'Unable to find image locally',
      'installing: arm64 OK',
      'installing: arm qemu-arm already registered',
      'installing: s390x cannot register "/usr/bin/qemu-s390x": operation not permitted',
    ])
    expect([...said.values()].map(isTaken)).toEqual([false, true, false])
    expect(said.get('arm64')).toBe('OK')
    expect(isTaken(said.get('riscv64'))).toBe(false)
  })

  it('tells what could not be removed; what is gone is no problem', () => {
    const lines = [
      'uninstalling: qemu-aarch64 OK',
      'uninstalling: qemu-arm not found',
      'uninstalling: qemu-s390x open /proc/sys/fs/binfmt_misc/qemu-s390x: permission denied',
    ]
    expect(notRemoved(lines)).toEqual([
      'qemu-s390x: open /proc/sys/fs/binfmt_misc/qemu-s390x: permission denied',
    ])
  })
})

describe('localEngine', () => {
  it.each<[string, string | undefined]>([
    ['unix:///var/run/docker.sock', '--host=unix:///var/run/docker.sock'],
    ['default', '--context=default'],
    ['desktop-linux', '--context=desktop-linux'],
    ['tcp://10.0.0.1:2376', undefined],
    ['ssh://builder', undefined],
    ['', undefined],
    ['--privileged', undefined],
    ['unix:///x --privileged', undefined],
  ])('of %j is %j', (endpoint, engine) => {
    expect(localEngine(endpoint)).toBe(engine)
  })
})

describe('isOwnHandler', () => {
  it.each([
    ['qemu-aarch64', true],
    ['qemu-x86_64', true],
    ['python3.11', false],
    ['*', false],
    ['qemu-aarch64,*', false],
  ])('%j: %s', (name, own) => {
    expect(isOwnHandler(name)).toBe(own)
  })
})
