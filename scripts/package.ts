// Builds dist/ from src/ with ncc, one bundle per entry. With --check it builds beside and compares:
// files that are missing, new or different in dist/ are named, and the exit code is 1.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const entries = [
  { source: 'src/index.js', target: '.', licenses: true },
  { source: 'src/post.js', target: 'post', licenses: false },
]

/** Runs a tool of node_modules. @throws where it fails. */
function runTool(path: string, ...argv: readonly string[]): void {
  const tool = join(root, 'node_modules', path)
  const { status } = spawnSync(process.execPath, [tool, ...argv], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error(`${path} failed with exit code ${String(status)}`)
}

/** Builds every entry into `directory`: tsc makes JavaScript of the sources, ncc one file of that. */
function build(directory: string): void {
  rmSync(join(root, 'lib'), { recursive: true, force: true })
  runTool('typescript/bin/tsc', '--project', 'tsconfig.bundle.json')
  for (const { source, target, licenses } of entries) {
    const flags = ['--no-cache', '--quiet', ...(licenses ? ['--license', 'licenses.txt'] : [])]
    const entry = join(root, 'lib', source)
    runTool('@vercel/ncc/dist/ncc/cli.js', 'build', entry, '-o', join(directory, target), ...flags)
  }
}

/** Every file below `directory` with the hash of its content. */
function hashes(directory: string): ReadonlyMap<string, string> {
  if (!existsSync(directory)) return new Map()
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
  return new Map(
    files
      .filter((file) => file.isFile())
      .map((file) => {
        const path = join(file.parentPath, file.name)
        const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
        return [relative(directory, path), hash]
      }),
  )
}

/** What differs between the committed dist/ and a fresh one. */
function differences(committed: string, fresh: string): readonly string[] {
  const [old, now] = [hashes(committed), hashes(fresh)]
  const names = [...new Set([...old.keys(), ...now.keys()])].sort()
  return names.filter((name) => old.get(name) !== now.get(name))
}

const dist = join(root, 'dist')
const fresh = mkdtempSync(join(tmpdir(), 'steadyship-dist-'))
try {
  build(fresh)
  if (process.argv.includes('--check')) {
    const stale = differences(dist, fresh)
    for (const name of stale) process.stderr.write(`dist/${name} is not what src/ builds\n`)
    if (stale.length > 0) process.stderr.write('Run `npm run package` and commit dist/.\n')
    else process.stdout.write('dist/ is fresh\n')
    process.exitCode = stale.length > 0 ? 1 : 0
  } else {
    rmSync(dist, { recursive: true, force: true })
    cpSync(fresh, dist, { recursive: true })
  }
} finally {
  rmSync(fresh, { recursive: true, force: true })
}
