// npm run demo [-- --ci]: the whole pipeline for real, on this machine.
// --ci   asserts instead of telling; exit code 1 if anything does not hold
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { onMachine, type Machine } from './machine.ts'
import { Play } from './play.ts'
import { Screen } from './screen.ts'
import { playShop } from './shop.ts'
import { demoCluster, Stage } from './stage.ts'

const { values } = parseArgs({
  options: {
    ci: { type: 'boolean', default: false },
    /** Given to the demo by itself, inside a private world. */
    'base-image': { type: 'string' },
  },
})

process.exitCode = await demonstrate()

async function demonstrate(): Promise<number> {
  if (!existsSync(join(import.meta.dirname, '..', '..', 'dist', 'index.js'))) {
    process.stderr.write('dist/ is missing: run `npm run package`.\n')
    return 1
  }
  return onMachine({
    script: 'scripts/demo/main.ts',
    argv: values.ci ? ['--ci'] : [],
    baseImage: values['base-image'],
    perform: play,
  })
}

async function play(machine: Machine): Promise<number> {
  const screen = new Screen(values.ci)
  const stage = await Stage.open({ ...machine, clusters: [demoCluster] })
  try {
    // It settles while the first scenes are played.
    await stage.createShop()
    await new Play(stage, screen).perform()
    await playShop(stage, screen)
  } finally {
    await stage.close()
  }
  const good = screen.conclude()
  screen.prose(
    '\nWhere to look next: examples/workflows for the ways to use it, README.md for inputs and\n' +
      'outcomes, simulator/README.md for the AWS that was played here, docs/errors.md for what can go wrong.',
  )
  return good ? 0 : 1
}
