import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

import { BundleWorld, registryHost } from '../support/bundle-world.ts'
import { commitChange } from '../support/git-repository.ts'

const release = { repository: 'team/web', cluster: 'main', service: 'web' }
const writes = /^ecr:PutImage|^ecs:(Register|Update|Create|Delete|Stop)/

describe('the bundle, releasing', () => {
  let world: BundleWorld
  beforeEach(async () => {
    world = await BundleWorld.create()
  })
  afterEach(async () => {
    await world.close()
  })

  it('takes a commit to a healthy service and proves what runs', async () => {
    const { main, post } = await world.run(release)

    expect(main.annotations).toEqual([])
    expect(main.outputs).toMatchObject({ outcome: 'deployed', verified: 'true', changed: 'true' })
    expect(main.outputs['image']).toBe(`${registryHost}/team/web@${main.outputs['digest'] ?? ''}`)
    expect(JSON.parse(main.outputs['tags'] ?? '')).toEqual([`sha-${world.commit}`])
    expect(main.outputs['task-definition-arn']).toMatch(/task-definition\/web:2$/)
    expect(main.outputs['previous-task-definition-arn']).toMatch(/task-definition\/web:1$/)
    expect(main.summary).toContain('deployed')
    expect([main.exitCode, post?.exitCode]).toEqual([0, 0])
  })

  it('puts the failing line of the Dockerfile beside the run, and its output into the log', async () => {
    await world.docker.play({
      buildError:
        '#7 [builder 2/2] RUN make\n#7 0.1 no rule to make\n#7 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2\n' +
        'Dockerfile:3\n--------------------\n   3 | >>> RUN make\n--------------------\nERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2',
    })
    const { main } = await world.run(release)
    expect([main.exitCode, main.outputs['outcome']]).toEqual([1, 'failed'])
    expect(main.annotations).toMatchObject([
      { level: 'error', file: 'Dockerfile', line: 3, title: 'Steadyship: failed (build-failed)' },
    ])
    expect(main.log.join('\n')).toContain('no rule to make')
  })

  it('run again for the same commit builds nothing, registers nothing and updates nothing', async () => {
    const first = await world.run(release)
    world.simulator.requests.clear()
    const buildsBefore = (await world.docker.verbs()).length
    const { main } = await world.run(release)

    expect(main.outputs).toMatchObject({ outcome: 'unchanged', verified: 'true', changed: 'false' })
    expect(main.outputs['digest']).toBe(first.main.outputs['digest'])
    expect((await world.docker.verbs()).length).toBe(buildsBefore)
    expect(world.asked().filter((call) => writes.test(call))).toEqual([])
  })

  it('without a service ends after the verified push', async () => {
    const { main } = await world.run({ repository: 'team/web' })
    expect(main.outputs).toMatchObject({ outcome: 'pushed', verified: 'true', changed: 'false' })
    const again = await world.run({ repository: 'team/web' })
    expect(again.main.outputs['outcome']).toBe('already-pushed')
  })

  it('tags the version of a tag push, too', async () => {
    const github = { ref: 'refs/tags/v1.2.3' }
    const { main } = await world.run({ repository: 'team/web' }, { github })
    expect(JSON.parse(main.outputs['tags'] ?? '')).toEqual(
      expect.arrayContaining([`sha-${world.commit}`, '1.2.3']),
    )
    expect(main.outputs['version']).toBe('1.2.3')
  })

  it('puts moving tags on last, and never back to an older version', async () => {
    world.simulator.ecr.registry.create('team/moving')
    const wish = { repository: 'team/moving', flavor: 'latest=auto' }
    const tags =
      'type=sha,format=long\ntype=semver,pattern={{version}}\ntype=semver,pattern={{major}}'
    const run = (ref: string, sha = world.commit) =>
      world.run({ ...wish, tags }, { github: { ref, sha } })
    const newer = await run('refs/tags/v1.3.0')
    expect(JSON.parse(newer.main.outputs['tags'] ?? '')).toEqual([
      `sha-${world.commit}`,
      '1.3.0',
      '1',
      'latest',
    ])
    const second = commitChange(world.docker.path('workspace'))
    const hotFix = await run('refs/tags/v1.2.4', second)
    expect(hotFix.main.outputs['outcome']).toBe('pushed')
    expect(JSON.parse(hotFix.main.outputs['tags'] ?? '')).toHaveLength(2)
    expect(hotFix.main.annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining('team/moving:1: it names 1.3.0, newer than 1.2.4'),
      expect.stringContaining('team/moving:latest: it names 1.3.0, newer than 1.2.4'),
    ])
  })

  it('pushes by digest where no tag stays, and moves the tag to it', async () => {
    world.simulator.ecr.registry.create('team/moving')
    const wish = { ...release, repository: 'team/moving', tags: 'type=ref,event=branch' }
    const { main } = await world.run(wish)
    expect(main.outputs).toMatchObject({ outcome: 'deployed', verified: 'true', tags: '["main"]' })
    const build = (await world.docker.calls()).find(({ argv }) => argv[1] === 'build')
    expect(build?.argv.join(' ')).toContain('push-by-digest=true')
  })

  it('tells every problem of a bad configuration, and asks the network nothing', async () => {
    const { main } = await world.run({ platforms: 'x', service: 'a b', 'no-cache': 'si' })
    const [annotation, ...more] = main.annotations
    expect(more).toEqual([])
    for (const name of ['platforms: "x"', 'service: "a b"', 'no-cache: "si"', 'repository:']) {
      expect(annotation?.message).toContain(name)
    }
    expect([main.exitCode, main.outputs['outcome']]).toEqual([1, 'refused'])
    expect(world.asked()).toEqual([])
  })

  it.each([
    ['repository', { repository: 'team/wbe' }, 'repository-not-found', '"team/wbe"'],
    ['cluster', { cluster: 'mian' }, 'cluster-not-found', 'mian'],
    ['service', { service: 'wbe' }, 'service-not-found', 'wbe'],
    [
      'role',
      { 'role-to-assume': 'arn:aws:iam::123456789012:role/nobody' },
      'role-not-assumable',
      'role/nobody',
    ],
  ])('finds a wrong %s before it builds, and writes nothing', async (_what, wrong, code, name) => {
    const { main } = await world.run({ ...release, ...wrong })
    expect(main.outputs).toMatchObject({ outcome: 'refused', 'error-code': code })
    expect(main.outputs['failure-reason']).toContain(name)
    expect(await world.docker.calls()).toEqual([])
    expect(world.asked().filter((call) => writes.test(call))).toEqual([])
  })

  it('is refused, not failed, where it may not log in: nothing was built', async () => {
    world.deny('ecr:GetAuthorizationToken')
    const { main } = await world.run(release)
    expect(main.outputs).toMatchObject({ outcome: 'refused', 'error-code': 'access-denied' })
    expect(await world.docker.calls()).toEqual([])
  })

  it('refuses the pull request of a fork before any call', async () => {
    const event = { pull_request: { head: { repo: { full_name: 'mallory/octo-repo' } } } }
    const github = { event_name: 'pull_request', ref: 'refs/pull/7/merge' }
    const { main } = await world.run(release, { github, event })
    expect(main.outputs).toMatchObject({ outcome: 'refused', 'error-code': 'untrusted-event' })
    expect(world.asked()).toEqual([])
  })

  it('leaves no password in log, arguments, outputs, state or summary', async () => {
    const { main, post } = await world.run(release)
    const secrets = main.commands
      .filter((command) => command.name === 'add-mask')
      .map((command) => command.data)
    expect(secrets.length).toBeGreaterThan(2)
    const { summary, log, outputs, state } = main
    const argv = (await world.docker.calls()).map((call) => call.argv)
    const text = JSON.stringify({ summary, log, outputs, state, argv, post: post?.log })
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  })
})
