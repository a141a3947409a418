import { writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { SourceFacts } from '../../src/core/buildx/source.ts'
import type { BuildInputs } from '../../src/core/inputs/inputs.ts'
import type { RunContext } from '../../src/core/run-context.ts'
import { inspectSource } from '../../src/stages/preflight/inspect-source.ts'
import { buildInputs } from '../support/build-inputs.ts'
import { buildPorts } from '../support/build-ports.ts'
import { GitCheckout } from '../support/git-checkout.ts'
import { RecordingDocker } from '../support/recording-docker.ts'
import type { RecordingReport } from '../support/recording-report.ts'

let docker: RecordingDocker
let checkout: GitCheckout
let report: RecordingReport
let head: string
beforeEach(async () => {
  docker = await RecordingDocker.prepare()
  checkout = new GitCheckout(docker.path('workspace'))
  await checkout.write('app/Dockerfile', 'FROM scratch\n')
  await checkout.write('app/main.js', '1')
  await checkout.write('readme', '1')
  checkout.git('init', '--quiet')
  head = checkout.commitAll()
})
afterEach(async () => docker.remove())

async function inspect(
  inputs: Partial<BuildInputs> = {},
  context: Partial<RunContext> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<SourceFacts> {
  const ports = buildPorts(docker, { context: { sha: head, ...context }, environment })
  report = ports.report
  return await inspectSource(buildInputs({ context: 'app', ...inputs }), ports)
}

describe('inspectSource', () => {
  it('tells the commit, its time and the tree of the context', async () => {
    const source = await inspect()
    expect(source.git).toEqual({
      head,
      tree: checkout.git('rev-parse', 'HEAD:app'),
      committedAt: new Date('2026-11-22T08:00:00Z'),
      sendsRecords: false,
      uncommitted: [],
      unwatched: [],
      filtered: [],
      absentSubmodules: [],
      pointers: [],
    })
    expect(source.dockerfile).toBe(docker.path('workspace/app/Dockerfile'))
    expect(source.dockerfileText).toBe('FROM scratch\n')
    expect(report.warnings).toEqual([])
  })

  it('has the same tree where only files outside of the context changed', async () => {
    const before = await inspect()
    await checkout.write('readme', '2')
    head = checkout.commitAll()
    const after = await inspect()
    expect(after.git?.tree).toBe(before.git?.tree)
    expect(after.git?.head).not.toBe(before.git?.head)
  })

  it('names files of the context that are changed, untracked or ignored by git', async () => {
    await checkout.write('.gitignore', 'dist/\n')
    head = checkout.commitAll()
    await checkout.write('app/main.js', '2')
    await checkout.write('app/new file', 'x')
    await checkout.write('app/dist/app', 'x')
    await checkout.write('outside', 'x')
    const source = await inspect()
    expect([...(source.git?.uncommitted ?? [])].sort()).toEqual(['dist/', 'main.js', 'new file'])
  })

  it('does not mind files that .dockerignore keeps out', async () => {
    await checkout.write('app/.dockerignore', 'node_modules\n**/*.log\n')
    head = checkout.commitAll()
    await checkout.write('app/node_modules/a/b.js', 'x')
    await checkout.write('app/sub/x.log', 'x')
    const source = await inspect()
    expect(source.ignoreFileText).toBe('node_modules\n**/*.log\n')
    expect(source.git?.uncommitted).toEqual([])
  })

  it('proves nothing of a tree of which git says more than is read', async () => {
    await checkout.write('app/.dockerignore', 'obj\n')
    await checkout.write('.gitignore', '*.o\nzz.env\n')
    head = checkout.commitAll()
    const folder = docker.path('workspace/app/obj')
    await mkdir(folder)
    // Of each git tells more than 120 characters; zz.env comes after all of them.
    const names = Array.from({ length: 9_000 }, (_, at) => `${String(at).padStart(112, 'n')}.o`)
    for (const name of names) writeFileSync(`${folder}/${name}`, '')
    await checkout.write('app/zz.env', 'SECRET=1')
    const source = await inspect()
    expect(source.git).toBeUndefined()
    expect(report.details.join()).toContain('git status: the answer is longer than 1 MiB')
  })

  it('reads the ignore file that is named after the Dockerfile first', async () => {
    await checkout.write('app/.dockerignore', 'one')
    await checkout.write('app/Dockerfile.dockerignore', 'two')
    expect((await inspect()).ignoreFileText).toBe('two')
  })

  it('reads a repository that belongs to another user', async () => {
    const source = await inspect({}, {}, { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' })
    expect(source.git?.head).toBe(head)
  })

  it('knows nothing of git where there is none', async () => {
    await rm(docker.path('workspace/.git'), { recursive: true })
    const source = await inspect()
    expect(source.git).toBeUndefined()
    expect(source.dockerfileText).toBe('FROM scratch\n')
  })

  it('warns where another commit is checked out than the image is named after', async () => {
    await inspect({}, { sha: 'f'.repeat(40) })
    expect(report.warnings.join()).toContain(
      `the checked-out commit is ${head.slice(0, 12)}, but the image is named after ffffffffffff`,
    )
  })

  it('warns where others asked for the run, and their event does not tell what is checked out', async () => {
    const event = { workflow_run: { head_sha: 'e'.repeat(40) } }
    await inspect({}, { sha: 'f'.repeat(40), eventName: 'workflow_run', event })
    expect(report.warnings).toEqual([
      `the checked-out commit ${head.slice(0, 12)} is neither that of this workflow_run nor the one that asked for it: ` +
        'the image is named after what is checked out, and is none of the default branch',
    ])
  })

  it('takes the merge commit of a pull request as it is', async () => {
    await inspect(
      {},
      {
        eventName: 'pull_request',
        event: { pull_request: { head: { sha: 'e'.repeat(40) } } },
      },
    )
    expect(report.warnings).toEqual([])
  })

  it('finds a Dockerfile elsewhere, and names one that is not there', async () => {
    await checkout.write('docker/Release', 'FROM x\n')
    expect((await inspect({ file: 'docker/Release' })).dockerfileText).toBe('FROM x\n')
    await expect(inspect({ file: 'docker/None' })).rejects.toThrow(
      `"${docker.path('workspace/docker/None')}" does not exist`,
    )
  })
})

describe('a remote context', () => {
  it.each([
    ['https://github.com/o/r.git#v1:app', 'https://github.com/o/r.git#v1:app'],
    ['{{defaultContext}}:app', 'https://github.com/octo/shop.git#HEAD:app'],
    ['https://example.com/source.tar.gz', 'https://example.com/source.tar.gz'],
  ])('%s is handed on and nothing is read', async (context, url) => {
    await rm(docker.path('workspace'), { recursive: true })
    expect(await inspect({ context, file: 'docker/Release' })).toEqual({
      contextDirectory: url.replace('HEAD', head),
      dockerfile: 'docker/Release',
      dockerfileText: undefined,
      ignoreFileText: undefined,
      git: undefined,
    })
  })

  it('has its Dockerfile at its root where none is named', async () => {
    const source = await inspect({ context: 'git@github.com:o/r.git' })
    expect(source.dockerfile).toBe('Dockerfile')
  })
})
