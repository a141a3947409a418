import { mkdir, rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { GitFacts } from '../../src/core/buildx/source.ts'
import { inspectSource } from '../../src/stages/preflight/inspect-source.ts'
import { buildInputs } from '../support/build-inputs.ts'
import { buildPorts } from '../support/build-ports.ts'
import { GitCheckout } from '../support/git-checkout.ts'
import { RecordingDocker } from '../support/recording-docker.ts'

let docker: RecordingDocker
let checkout: GitCheckout
beforeEach(async () => {
  docker = await RecordingDocker.prepare()
  checkout = new GitCheckout(docker.path('workspace'))
  await checkout.write('app/Dockerfile', 'FROM scratch\n')
  await checkout.write('app/lib/a.js', '1')
  checkout.git('init', '--quiet')
  checkout.commitAll()
})
afterEach(async () => docker.remove())

async function inspect(context = 'app'): Promise<GitFacts> {
  const sha = checkout.git('rev-parse', 'HEAD')
  const ports = buildPorts(docker, { context: { sha } })
  const { git } = await inspectSource(buildInputs({ context }), ports)
  if (git === undefined) throw new Error(`git told nothing: ${ports.report.details.join()}`)
  return git
}

describe('a checkout of one commit', () => {
  it('is told apart from one with an empty folder, and with one in another', async () => {
    await mkdir(docker.path('workspace/app/cache'))
    await mkdir(docker.path('workspace/app/lib/deep/er'), { recursive: true })
    await mkdir(docker.path('workspace/elsewhere'))
    const { uncommitted } = await inspect()
    expect([...uncommitted].sort()).toEqual(['cache/', 'lib/deep/'])
  })

  it('takes no untracked or ignored folder for an empty one', async () => {
    await checkout.write('.gitignore', 'dist/\n*.log\n')
    checkout.commitAll()
    await checkout.write('app/dist/a/b', 'x')
    await checkout.write('app/fresh/c', 'x')
    await checkout.write('app/logs/d.log', 'x')
    const { uncommitted } = await inspect()
    expect([...uncommitted].sort()).toEqual(['dist/', 'fresh/c', 'logs/d.log'])
  })

  it('does not mind an empty folder that .dockerignore keeps out', async () => {
    await checkout.write('app/.dockerignore', 'cache\n')
    checkout.commitAll()
    await mkdir(docker.path('workspace/app/cache'))
    expect((await inspect()).uncommitted).toEqual([])
  })

  it('is told apart from a sparse one, unless what is left out is not in the context', async () => {
    checkout.git('sparse-checkout', 'set', '--no-cone', '/*', '!/app/lib/')
    expect((await inspect()).unwatched).toEqual(['lib/a.js'])
    await checkout.write('app/.dockerignore', 'lib\n')
    expect((await inspect()).unwatched).toEqual([])
  })

  it.each(['--assume-unchanged', '--skip-worktree'])(
    'is told apart from one whose changes %s hides, whatever the path is called',
    async (flag) => {
      const name = 'ü "b"\t\\c.js'
      await checkout.write(`app/${name}`, '1')
      checkout.commitAll()
      checkout.git('update-index', flag, `app/${name}`)
      await checkout.write(`app/${name}`, '2')
      expect(await inspect()).toMatchObject({ uncommitted: [], unwatched: [name] })
    },
  )

  it('is proven however many files it has', async () => {
    const entry = (at: number) => `100644 ${blob}\tapp/many/${String(at).padStart(200, 'n')}`
    const blob = checkout.git('rev-parse', 'HEAD:app/lib/a.js')
    const entries = Array.from({ length: 6_000 }, (_, at) => entry(at)).join('\n')
    checkout.gitWithInput(entries, 'update-index', '--add', '--index-info')
    checkout.git('commit', '--quiet', '--message', 'many')
    checkout.git('checkout', '--quiet', '--', '.')
    expect(await inspect()).toMatchObject({ uncommitted: [], unwatched: [], filtered: [] })
  })

  it.each([
    ['goes to the builder from the root of the repository', '.', undefined, true],
    ['does not from a folder in it', 'app', undefined, false],
    ['stays where .dockerignore keeps it out', '.', '.git\n', false],
    ['goes where .dockerignore lets a part of it through', '.', '.git\n!.git/HEAD\n', true],
  ])('has a .git that %s', async (_what, context, ignoreFile, expected) => {
    await checkout.write('Dockerfile', 'FROM scratch\n')
    if (ignoreFile !== undefined) await checkout.write('.dockerignore', ignoreFile)
    checkout.commitAll()
    expect((await inspect(context)).sendsRecords).toBe(expected)
  })
})

describe('a submodule in the context', () => {
  let library: GitCheckout
  beforeEach(async () => {
    library = new GitCheckout(docker.path('library'))
    await library.write('code.c', '1')
    await library.write('.gitignore', '*.o\n')
    library.git('init', '--quiet')
    library.commitAll()
    checkout.git('submodule', '--quiet', 'add', library.directory, 'app/vendor/library')
    checkout.commitAll()
  })

  const inside = (): GitCheckout => new GitCheckout(docker.path('workspace/app/vendor/library'))

  it('is proven where its commit is checked out and nothing else is there', async () => {
    expect(await inspect()).toMatchObject({ uncommitted: [], unwatched: [], filtered: [] })
  })

  it('is absent where it is not checked out', async () => {
    checkout.git('submodule', '--quiet', 'deinit', '--force', '--all')
    expect(await inspect()).toMatchObject({ uncommitted: [], absentSubmodules: ['vendor/library'] })
  })

  it('is absent where the one around it is checked out alone', async () => {
    const inner = new GitCheckout(docker.path('inner'))
    await inner.write('code.c', '1')
    inner.git('init', '--quiet')
    inner.commitAll()
    inside().git('submodule', '--quiet', 'add', inner.directory, 'inner')
    inside().commitAll()
    checkout.commitAll()
    expect(await inspect()).toMatchObject({ uncommitted: [], absentSubmodules: [] })
    inside().git('submodule', '--quiet', 'deinit', '--force', '--all')
    expect(await inspect()).toMatchObject({
      uncommitted: [],
      absentSubmodules: ['vendor/library/inner'],
    })
  })

  it.each(['code.c', 'elsewhere/code.c'])(
    'is told where it is not checked out, but %s is there',
    async (name) => {
      checkout.git('submodule', '--quiet', 'deinit', '--force', '--all')
      await inside().write(name, '1')
      expect(await inspect()).toMatchObject({
        uncommitted: ['vendor/library'],
        absentSubmodules: [],
      })
    },
  )

  it('is told where its folder is gone', async () => {
    await rm(inside().directory, { recursive: true })
    expect((await inspect()).uncommitted).toEqual(['vendor/library'])
  })

  it('is told where another commit of it is checked out, even if that is staged', async () => {
    await inside().write('code.c', '2')
    inside().commitAll()
    expect((await inspect()).uncommitted).toEqual(['vendor/library'])
    checkout.git('add', 'app/vendor/library')
    expect((await inspect()).uncommitted).toEqual(['vendor/library'])
  })

  it('is told although its own settings have git ignore it', async () => {
    checkout.git('config', '--file', '.gitmodules', 'submodule.app/vendor/library.ignore', 'all')
    checkout.commitAll()
    await inside().write('code.c', '2')
    expect((await inspect()).uncommitted).toEqual(['vendor/library/code.c'])
  })

  it('is told with the files that its own ignore list hides', async () => {
    await inside().write('code.o', 'x')
    await mkdir(docker.path('workspace/app/vendor/library/empty'))
    inside().git('update-index', '--assume-unchanged', 'code.c')
    const found = await inspect()
    expect([...found.uncommitted].sort()).toEqual([
      'vendor/library/code.o',
      'vendor/library/empty/',
    ])
    expect(found.unwatched).toEqual(['vendor/library/code.c'])
  })

  it('is not asked for what .dockerignore keeps out', async () => {
    await checkout.write('app/.dockerignore', '**/*.o\n')
    checkout.commitAll()
    await inside().write('code.o', 'x')
    expect((await inspect()).uncommitted).toEqual([])
    await checkout.write('app/.dockerignore', 'vendor\n')
    checkout.commitAll()
    checkout.git('submodule', '--quiet', 'deinit', '--force', '--all')
    expect(await inspect()).toMatchObject({ uncommitted: [], absentSubmodules: [] })
  })
})

describe('a file that a git filter makes', () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n'

  /** The attribute and, as with `git lfs install`, what makes the committed text of a file. */
  async function commitFiltered(filter: string): Promise<void> {
    await checkout.write('.gitattributes', `*.bin filter=${filter}\n`)
    checkout.git('config', `filter.${filter}.clean`, `printf '${pointer.replaceAll('\n', '\\n')}'`)
    await checkout.write('app/model.bin', 'the model')
    checkout.commitAll()
    expect(checkout.git('show', 'HEAD:app/model.bin')).toBe(pointer.trim())
  }

  /** As with `lfs: false` of actions/checkout: nothing makes the file of what is committed. */
  async function checkOutPointer(): Promise<void> {
    await rm(docker.path('workspace/app/model.bin'))
    checkout.git('checkout', '--', '.')
  }

  it('is proven by the pointer of Git LFS, and named where only that is there', async () => {
    await commitFiltered('lfs')
    expect(await inspect()).toMatchObject({ uncommitted: [], pointers: [], filtered: [] })
    await checkOutPointer()
    const found = await inspect()
    expect(found).toMatchObject({ uncommitted: [], pointers: ['model.bin'], filtered: [] })
  })

  it('has each of its pointers named, whether or not Git LFS is set up', async () => {
    await checkout.write('app/b.bin', 'another')
    await commitFiltered('lfs')
    checkout.git('config', '--unset', 'filter.lfs.clean')
    for (const name of ['b.bin', 'model.bin']) await rm(docker.path(`workspace/app/${name}`))
    checkout.git('checkout', '--', '.')
    expect(await inspect()).toMatchObject({ uncommitted: [], pointers: ['b.bin', 'model.bin'] })
  })

  it('is told where it reads like a pointer and is not the committed one', async () => {
    await commitFiltered('lfs')
    await checkout.write('app/model.bin', pointer.replace('size 9', 'size 8'))
    expect(await inspect()).toMatchObject({ pointers: [], filtered: ['model.bin'] })
  })

  it.each([
    ['is told', 'smudge', ['model.bin']],
    ['is told', 'process', ['model.bin']],
    ['is proven', 'clean', []],
    ['is proven', undefined, []],
  ])('%s where git has as its program %s', async (_what, program, filtered) => {
    await checkout.write('.gitattributes', '*.bin filter=crypt\n')
    await checkout.write('app/model.bin', 'the model')
    checkout.commitAll()
    if (program !== undefined) checkout.git('config', `filter.crypt.${program}`, 'cat')
    checkout.git('config', 'filter.other.smudge', 'cat')
    expect(await inspect()).toMatchObject({ uncommitted: [], filtered, pointers: [] })
  })

  it('does not count where .dockerignore keeps it out', async () => {
    await commitFiltered('lfs')
    await checkout.write('app/.dockerignore', '*.bin\n')
    checkout.commitAll()
    await checkOutPointer()
    expect(await inspect()).toMatchObject({ uncommitted: [], pointers: [], filtered: [] })
  })
})
