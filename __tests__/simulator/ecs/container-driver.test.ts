import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, describe, expect, it } from '@jest/globals'

import { ContainerDriver } from '../../../simulator/ecs/drivers/container-driver.ts'
import { dockerRun } from '../../../simulator/ecs/drivers/docker-run-arguments.ts'
import { pullFailure, startFailure } from '../../../simulator/ecs/drivers/start-failure.ts'
import type { TaskObserver, TaskSpec } from '../../../simulator/ecs/drivers/task-driver.ts'
import { isObject, parseJson } from '../../../simulator/wire/json.ts'
import type { JsonObject } from '../../../simulator/wire/service.ts'

import { webContainer } from './stage.ts'

const source = new URL('fake-docker.cjs', import.meta.url)
const worlds: string[] = []
const drivers: ContainerDriver[] = []

afterEach(async () => {
  await Promise.all(drivers.splice(0).map((driver) => driver.close()))
  for (const world of worlds.splice(0)) rmSync(world, { recursive: true })
})

function specOf(...containers: JsonObject[]): TaskSpec {
  return {
    taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/main/0123',
    taskId: '0123',
    cluster: 'main',
    group: 'service:web',
    family: 'web',
    revision: 1,
    definition: { containerDefinitions: containers },
    overrides: {},
    images: new Map(containers.map((one) => [one['name'] === 'app' ? 'app' : 'side', 'web:1'])),
    platform: 'linux/arm64',
  }
}

/** A driver over the fake docker, and what it reports, one line each. */
function play(
  scenario: JsonObject,
  spec: TaskSpec,
): {
  reports: string[]
  until: (report: string) => Promise<void>
  stop: () => void
  calls: () => JsonObject[]
  driver: ContainerDriver
} {
  const world = mkdtempSync(join(tmpdir(), 'fake-docker-'))
  worlds.push(world)
  const program = join(world, 'docker')
  writeFileSync(program, `#!${process.execPath}\n${readFileSync(source, 'utf8')}`)
  chmodSync(program, 0o755)
  writeFileSync(join(world, 'scenario.json'), JSON.stringify(scenario))
  writeFileSync(join(world, 'calls'), '')
  const driver = new ContainerDriver({
    program,
    network: 'tasks',
    environment: { FAKE_DOCKER: world },
  })
  drivers.push(driver)
  const reports: string[] = []
  const waiting: { report: string; resolve: () => void }[] = []
  const report = (...parts: (string | number | undefined)[]): void => {
    reports.push(parts.filter((part) => part !== undefined).join(' '))
    for (const { report: wanted, resolve } of waiting) if (reports.includes(wanted)) resolve()
  }
  const observer: TaskObserver = {
    pullStarted: () => report('pulling'),
    pullStopped: () => report('pulled'),
    containerStarted: (name, facts) =>
      report('started', name, facts.runtimeId.slice(-1), facts.privateIPv4Address),
    containerHealth: (name, status) => report('health', name, status),
    containerExited: (name, exitCode, reason) => report('exited', name, exitCode, reason),
    failedToStart: (reason) => report('failed', reason),
    targetHealth: () => report('target'),
    logLine: (name, line) => report('log', name, line),
  }
  const handle = driver.start(spec, observer)
  return {
    reports,
    driver,
    until: (wanted) =>
      new Promise((resolve) => {
        if (reports.includes(wanted)) resolve()
        else waiting.push({ report: wanted, resolve })
      }),
    stop: () => handle.stop(2_000),
    calls: () =>
      readFileSync(join(world, 'calls'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => parseJson(line))
        .filter(isObject),
  }
}

const argvOf = (calls: JsonObject[], command: string): string[][] =>
  calls
    .map(({ argv }) => (Array.isArray(argv) ? argv.map((one) => JSON.stringify(one)) : []))
    .map((argv) => argv.map((one) => one.slice(1, -1)))
    .filter(([first]) => first === command)

describe('ECS-27 the container driver', () => {
  it('ECS-27 pulls for the platform, runs, and reports start, address, health, log and exit', async () => {
    const scenario = {
      containers: {
        'web:1': { log: ['ready'], errors: ['warn'], health: ['healthy', 'unhealthy'] },
      },
    }
    const played = play(scenario, specOf(webContainer))
    await played.until('health app UNHEALTHY')
    await played.until('log app ready')
    played.stop()
    await played.until('exited app 143')
    expect(played.reports.slice(0, 3)).toEqual(['pulling', 'pulled', 'started app 1 172.20.0.7'])
    expect(played.reports.at(-1)).toBe('exited app 143')
    expect(played.reports).toEqual(
      expect.arrayContaining(['log app ready', 'log app warn', 'health app HEALTHY']),
    )
    const calls = played.calls()
    expect(argvOf(calls, 'pull')).toEqual([
      ['pull', '--quiet', '--platform=linux/arm64', '--', 'web:1'],
    ])
    expect(argvOf(calls, 'stop')).toEqual([['stop', '-t', '2', '1'.padStart(64, '0')]])
  })

  it('ECS-27 passes the values of variables by environment, not by argument', async () => {
    const environment = [
      { name: 'GREETING', value: 'hush' },
      { name: 'PATH', value: '/app' },
    ]
    const played = play(
      { containers: { 'web:1': { exit: 0 } } },
      specOf({ ...webContainer, environment }),
    )
    await played.until('exited app 0')
    const run = played.calls().find(({ argv }) => Array.isArray(argv) && argv[0] === 'run')
    expect(run?.['argv']).toEqual(expect.arrayContaining(['--env=GREETING', '--env=PATH=/app']))
    expect(JSON.stringify(run?.['argv'])).not.toContain('hush')
    expect(run?.['environment']).toEqual({ GREETING: 'hush' })
  })

  it('ECS-27 tells a container that ran out of memory', async () => {
    const containers = { 'web:1': { exit: 137, outOfMemory: true } }
    const played = play({ containers }, specOf(webContainer))
    await played.until('exited app 137 OutOfMemoryError: Container killed due to memory usage')
  })

  it('ECS-27 a pull that fails and a start that fails are the reason of the task', async () => {
    const pull = {
      'web:1': 'Error response from daemon: manifest for web:1 not found: manifest unknown',
    }
    const unpulled = play({ pull }, specOf(webContainer))
    await unpulled.until(
      'failed CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref web:1: web:1: not found',
    )
    const run = {
      'web:1': 'docker: Error response from daemon: exec: "nope": not found.\nRun docker --help',
    }
    const unstarted = play({ run }, specOf(webContainer))
    await unstarted.until(
      'failed CannotStartContainerError: Error response from daemon: exec: "nope": not found.',
    )
  })

  it('ECS-27 close removes what still runs', async () => {
    const played = play({}, specOf(webContainer))
    await played.until('started app 1 172.20.0.7')
    await played.driver.close()
    expect(played.reports.at(-1)).toBe('exited app 137')
    expect(argvOf(played.calls(), 'rm')[0]).toEqual([
      ...['rm', '--force', '--volumes', 'ecs-web-app-0123'],
    ])
  })
})

describe('ECS-27 the arguments of docker run', () => {
  const argv = (container: JsonObject, overrides: JsonObject = {}): string[] =>
    dockerRun(
      { ...specOf({ ...webContainer, ...container }), overrides },
      { ...webContainer, ...container },
      'tasks',
    ).argv

  it('ECS-27 name the task, the network, the platform and the limits', () => {
    expect(argv({})).toEqual([
      ...['run', '--detach', '--pull=never', '--platform=linux/arm64', '--name=ecs-web-app-0123'],
      '--network=tasks',
      '--label=steadyship.simulator.task=arn:aws:ecs:eu-west-1:123456789012:task/main/0123',
      ...['--label=steadyship.simulator.container=app', '--memory=128m', '--no-healthcheck'],
      ...['--', 'web:1'],
    ])
  })

  it.each([
    [['CMD-SHELL', 'curl -f http://localhost/ || exit 1'], 'curl -f http://localhost/ || exit 1'],
    [['CMD', 'curl', '-H', "it's"], `'curl' '-H' 'it'\\''s'`],
  ])('ECS-27 run the health check %j', (command, cmd) => {
    const healthCheck = { command, interval: 5, startPeriod: 1 }
    expect(argv({ healthCheck })).toEqual(
      expect.arrayContaining([
        ...[`--health-cmd=${cmd}`, '--health-interval=5s', '--health-timeout=5s'],
        ...['--health-retries=3', '--health-start-period=1s'],
      ]),
    )
  })

  it('ECS-27 put entry point and command after the image, an override over both', () => {
    const container = { entryPoint: ['sh', '-c'], command: ['serve'] }
    expect(argv(container).slice(-5)).toEqual(['--entrypoint=sh', '--', 'web:1', '-c', 'serve'])
    const overrides = { containerOverrides: [{ name: 'app', command: ['migrate'] }] }
    expect(argv(container, overrides).slice(-2)).toEqual(['-c', 'migrate'])
  })
})

describe('ECS-27 what docker says and what ECS says', () => {
  it.each([
    [
      'no matching manifest for linux/arm64/v8 in the manifest list entries',
      "image Manifest does not contain descriptor matching platform 'linux/arm64'",
    ],
    [
      'Error response from daemon: pull access denied for web, repository does not exist',
      'The task can’t pull the image. Check whether the image exists. Error response from daemon: pull access denied for web, repository does not exist',
    ],
    [
      'Error response from daemon: Head "https://r/v2/": no basic auth credentials',
      'The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: Head "https://r/v2/": no basic auth credentials',
    ],
    ['dial tcp: i/o timeout', 'dial tcp: i/o timeout'],
  ])('ECS-27 %s', (said, text) => {
    expect(pullFailure(`Pulling\n${said}\n`, 'web:1', 'linux/arm64')).toBe(
      `CannotPullContainerError: ${text}`,
    )
  })

  it('ECS-27 keeps what is not known', () => {
    expect(startFailure('something else\n')).toBe('CannotStartContainerError: something else')
  })
})
