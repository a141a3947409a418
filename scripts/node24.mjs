// Runs a program under Node 24 or later, whatever Node started this file: the running one when
// it is new enough, else the one that the optional dependency for this CPU brings.
// Usage: node scripts/node24.mjs [node options] program [arguments]
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The path of a Node 24 or later; throws with the remedy when this machine has none. */
export function findNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const packaged = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  if (existsSync(packaged)) return packaged
  throw new Error(
    `Node 24 is needed and this is ${process.version}. On Linux x64 or arm64 run \`npm ci\`, ` +
      'which brings one; elsewhere install Node 24 and run this again.',
  )
}

/** Starts `arguments_` under Node 24 with this process's streams; forwards signals and the exit. */
export function runUnderNode24(arguments_) {
  const node = findNode24()
  // Children that say `node` mean this one, too.
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ''}` }
  const child = spawn(node, arguments_, { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
    process.exit()
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) runUnderNode24(process.argv.slice(2))
