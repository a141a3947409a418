import { entriesAt, fieldOf } from '../../core/bake/definition.ts'
import type { BakeSpecification } from '../../core/plan/image/image-plan.ts'
import { pathIn } from '../../core/path-in.ts'
import type { Ports } from '../../ports/ports.ts'

/** The most that BuildKit takes (MaxSecretSize). */
const maxBytes = 500 * 1024

/**
 * Masks the secrets that the bake files name themselves. They come out of the job's variables, less
 * those that no child gets, and out of files in the workspace.
 */
export async function maskBakeSecrets(
  { targets }: BakeSpecification,
  { context, files, processes, report }: Pick<Ports, 'context' | 'files' | 'processes' | 'report'>,
): Promise<void> {
  for (const secret of [...targets.values()].flatMap((members) => entriesAt(members, 'secret'))) {
    const id = fieldOf(secret, 'id') ?? ''
    const path = fieldOf(secret, 'src') ?? fieldOf(secret, 'source')
    const value = processes.variable(fieldOf(secret, 'env') ?? id)
    if (value !== undefined && value !== '') report.mask(value)
    if (path === undefined) continue
    const file = pathIn(context.workspace, path)
    if (await files.exists(file)) report.mask(await files.readText(file, maxBytes))
  }
}
