import { entriesAt } from '../../core/bake/definition.ts'
import { sourcesOfSecret } from '../../core/bake/secret-sources.ts'
import { maxSecretBytes } from '../../core/inputs/build/secrets.ts'
import type { BakeSpecification } from '../../core/plan/image/image-plan.ts'
import { pathIn } from '../../core/path-in.ts'
import type { Ports } from '../../ports/ports.ts'

/**
 * Masks the secrets that the bake files name themselves. They come out of the job's variables, less
 * those that no child gets, and out of files in the workspace.
 */
export async function maskBakeSecrets(
  { targets }: BakeSpecification,
  { context, files, processes, report }: Pick<Ports, 'context' | 'files' | 'processes' | 'report'>,
): Promise<void> {
  for (const secret of [...targets.values()].flatMap((members) => entriesAt(members, 'secret'))) {
    const { paths, variables } = sourcesOfSecret(secret)
    const values = variables.flatMap((name) => processes.variable(name) || [])
    for (const value of values) report.mask(value)
    // A variable wins over a file.
    if (values.length > 0) continue
    for (const file of paths.map((path) => pathIn(context.workspace, path))) {
      if (await files.exists(file)) report.mask(await files.readText(file, maxSecretBytes))
    }
  }
}
