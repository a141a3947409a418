// Adds to package-lock.json the optional packages that the registry in use does not carry.
// npm leaves such packages out of the lock, and `npm ci` then refuses it on every machine
// ("Missing: … from lock file"). An entry without `integrity` is what npm itself writes for a
// package it has not fetched; the next `npm install` on a complete registry fills it in.
// Run it after every `npm install`: npm run lock:complete
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const lockPath = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json')

/** Every optional dependency that `lock` names and does not hold, as `{ name, version, dev }`. */
export function missingOptionals(lock) {
  const missing = new Map()
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const held =
        `node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages
      if (!held) missing.set(name, { name, version, dev: path !== '' && entry.dev === true })
    }
  }
  return [...missing.values()]
}

const operatingSystems = [
  'darwin',
  'win32',
  'linux',
  'freebsd',
  'openbsd',
  'android',
  'aix',
  'openharmony',
]
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'wasm32', 'loong64']

/** The `os` and `cpu` that a platform package's name tells (`@x/binding-linux-arm64-gnu`). */
function platformOf(name) {
  const parts = name.split(/[-/]/)
  const os = operatingSystems.filter((candidate) => parts.includes(candidate))
  const cpu = processors.filter((candidate) => parts.includes(candidate))
  return { ...(os.length > 0 && { os }), ...(cpu.length > 0 && { cpu }) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = JSON.parse(readFileSync(lockPath, 'utf8'))
  const missing = missingOptionals(lock)
  for (const { name, version, dev } of missing) {
    lock.packages[`node_modules/${name}`] = {
      version: version.replace(/^[\^~]/, ''),
      ...(dev && { dev }),
      optional: true,
      ...platformOf(name),
    }
  }
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')),
  )
  writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`)
  process.stdout.write(`${missing.length} optional packages added\n`)
}
