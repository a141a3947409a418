// node scripts/node24.mjs scripts/ci/act.ts --act PROGRAM
// Runs the workflows of examples/workflows under act, on the demo's stage. PROGRAM is in the cache.
import { parseArgs } from 'node:util'

import { onMachine, type Machine } from '../demo/machine.ts'
import { Screen } from '../demo/screen.ts'
import { Stage } from '../demo/stage.ts'
import { Rehearsal } from './rehearsal.ts'

const { values } = parseArgs({
  options: {
    act: { type: 'string' },
    /** Given by this program to itself, inside a private world. */
    'base-image': { type: 'string' },
  },
})
const { act } = values
if (act === undefined) throw new TypeError('--act names no program')

process.exitCode = await onMachine({
  script: 'scripts/ci/act.ts',
  argv: ['--act', act],
  baseImage: values['base-image'],
  perform: (machine) => rehearse(act, machine),
})

async function rehearse(program: string, machine: Machine): Promise<number> {
  const screen = new Screen(true)
  const stage = await Stage.open({ ...machine, clusters: ['staging', 'production'] })
  try {
    await new Rehearsal(stage, screen, program).perform()
  } finally {
    await stage.close()
  }
  return screen.conclude() ? 0 : 1
}
