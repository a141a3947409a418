import { describe, expect, it } from '@jest/globals'
import {
  isGitContext,
  isOnServer,
  isRemoteContext,
  readContext,
  readDockerfilePath,
  writeOutContext,
} from '../../../../src/core/inputs/build/context.ts'
import { InputReader } from '../../../../src/core/inputs/reader.ts'

type Given = Readonly<Record<string, string>>

function read(given: Given) {
  const reader = new InputReader(new Map(Object.entries(given)))
  const context = readContext(reader)
  return { context, file: readDockerfilePath(reader), problems: reader.problems }
}

const github = 'https://github.com'

describe('context', () => {
  it.each([
    ['', '.'],
    ['app/', 'app/'],
    ['./app/../web', 'web'],
    ['https://github.com/o/r.git#v1:docker', 'https://github.com/o/r.git#v1:docker'],
    ['git@github.com:o/r.git', 'git@github.com:o/r.git'],
    ['{{defaultContext}}:docker', '{{defaultContext}}:docker'],
  ])('%j is %j', (given, context) => {
    expect(read({ context: given })).toMatchObject({ context, problems: [] })
  })

  it.each(['/etc', '../elsewhere', 'a/../../b'])('refuses the path %j', (context) => {
    const message = 'is not a path inside the workspace'
    expect(read({ context }).problems).toEqual([{ input: 'context', message, value: context }])
  })

  it('refuses credentials in a URL, which would be in arguments, and does not show them', () => {
    const { problems } = read({ context: 'https://x:s3cret@github.com/o/r.git' })
    expect(problems).toHaveLength(1)
    expect(JSON.stringify(problems)).not.toContain('s3cret')
  })

  it('refuses a URL with a blank or a comma', () => {
    expect(read({ context: 'https://a/b c' }).problems).toHaveLength(1)
    expect(read({ context: 'https://a/b,c' }).problems).toHaveLength(1)
  })

  it('takes a Dockerfile inside a remote context and none that is remote itself', () => {
    const context = 'https://github.com/o/r.git'
    expect(read({ context, file: 'docker/Release' })).toMatchObject({
      file: 'docker/Release',
      problems: [],
    })
    expect(read({ context, file: 'https://a/Dockerfile' }).problems).toHaveLength(1)
    expect(read({ context, file: '../Dockerfile' }).problems).toHaveLength(1)
  })
})

describe('a remote context', () => {
  it.each([
    ['https://github.com/o/r.git', true, true, true],
    ['https://github.com/o/r.git#main:app', true, true, true],
    ['https://github.com/o/r.git?ref=v1', true, true, true],
    ['{{defaultContext}}', true, true, true],
    ['{{ defaultContext }}:app', true, true, true],
    ['github.com/o/r', true, true, true],
    ['https://github.com/o/r/archive/main.tar.gz', true, false, false],
    ['https://example.com/o/r.git', true, true, false],
    ['https://github.com.evil.example/o/r.git', true, true, false],
    ['http://github.com/o/r.git', true, true, false],
    ['git@github.com:o/r.git', true, true, false],
    ['ssh://git@github.com/o/r.git', true, true, false],
    ['git://github.com/o/r.git', true, true, false],
    ['app', false, false, false],
    ['.', false, false, false],
  ])('%s: remote %s, git %s, opened by the token of the job %s', (context, remote, git, ours) => {
    expect(isRemoteContext(context)).toBe(remote)
    expect(isGitContext(context)).toBe(git)
    expect(isOnServer(context, github)).toBe(ours)
  })

  it('is opened by no token that would travel unencrypted', () => {
    expect(isOnServer('http://ghes.local/o/r.git', 'http://ghes.local')).toBe(false)
    expect(isOnServer('{{defaultContext}}', 'http://ghes.local')).toBe(false)
  })

  it('is written out at the commit of the run', () => {
    const run = { serverUrl: 'https://ghes.example', repository: 'o/r' }
    expect(writeOutContext('{{defaultContext}}:app', run, 'abc')).toBe(
      'https://ghes.example/o/r.git#abc:app',
    )
    expect(writeOutContext('https://x/y.git', run, 'abc')).toBe('https://x/y.git')
  })
})
