import { describe, expect, it } from '@jest/globals'

import { parseArguments, USAGE } from '../../../simulator/control/arguments.ts'

describe('the command line', () => {
  it('has a default for everything', () => {
    expect(parseArguments([])).toEqual({
      kind: 'run',
      arguments: {
        port: 4566,
        accountId: '123456789012',
        region: 'us-east-1',
        clock: 'real',
        driver: 'scripted',
        repositories: [],
        immutable: false,
        roles: [],
        subject: 'repo:*',
      },
    })
  })

  it('takes several repositories and roles', () => {
    const argv = ['--repository', 'a', '--repository', 'b', '--role', 'c', '--registry-port', '0']
    expect(parseArguments(argv)).toMatchObject({
      arguments: { repositories: ['a', 'b'], roles: ['c'], registryPort: 0 },
    })
  })

  it('takes a seed, a fault plan and throttling', () => {
    const argv = ['--seed', 'a.yaml', '--faults', 'b.json', '--throttling', 'aws']
    expect(parseArguments(argv)).toMatchObject({
      arguments: { seed: 'a.yaml', faults: 'b.json', throttling: 'aws' },
    })
  })

  it.each([
    [['--port', 'http'], "--port is a port, 0 to 65535, not 'http'"],
    [['--port', '65536'], "--port is a port, 0 to 65535, not '65536'"],
    [['--account', '1'], '--account is 12 digits'],
    [['--clock', 'fast'], "--clock is real or virtual, not 'fast'"],
    [['--driver', 'none'], "--driver is scripted or container, not 'none'"],
    [['--throttling', 'some'], "--throttling is off or aws, not 'some'"],
    [['--paint'], expect.stringContaining("'--paint'")],
  ])('tells the mistake in %j', (argv, message) => {
    expect(parseArguments(argv)).toEqual({ kind: 'mistake', message })
  })

  it('explains every option', () => {
    expect(parseArguments(['--help', '--port', '1'])).toEqual({ kind: 'help' })
    expect(USAGE.match(/^ {2}--[a-z-]+/gm)).toHaveLength(16)
  })
})
