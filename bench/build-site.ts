import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { Site } from '../scripts/ci/real/site.ts'
import { onMachine } from '../scripts/demo/machine.ts'
import { Screen } from '../scripts/demo/screen.ts'
import { Stage } from '../scripts/demo/stage.ts'

/**
 * Plays `perform` with a Docker engine, this machine's or a private one, whose BuildKit is a builder.
 * `--action FOLDER` names another folder of the action than this checkout.
 * @param script The calling program, from the project's folder.
 * @returns the exit code.
 */
export function onBuildSite(
  script: string,
  perform: (site: Site, endpoint: string) => Promise<void>,
): Promise<number> {
  const { values } = parseArgs({
    options: {
      action: { type: 'string', default: join(import.meta.dirname, '..') },
      /** Given by the program to itself, inside a private world. */
      'base-image': { type: 'string' },
    },
  })
  const { action, 'base-image': baseImage } = values
  return onMachine({
    script,
    argv: ['--action', action],
    baseImage,
    perform: async (machine) => {
      const screen = new Screen(true)
      const stage = await Stage.open({ ...machine, clusters: [] })
      try {
        const site = new Site(stage, screen, { programs: '', action })
        await perform(site, process.env['WORLD_BUILDKIT'] ?? '')
      } finally {
        await stage.close()
      }
      return 0
    },
  })
}
