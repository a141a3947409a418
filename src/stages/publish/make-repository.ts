import { backOffMs } from '../../core/back-off.ts'
import { AwsFailure } from '../../core/errors/aws-failure.ts'
import { explainEcr } from '../../core/faults/ecr.ts'
import { makerOf, type Maker } from '../../core/image/repository/maker.ts'
import type { RepositoryCreation } from '../../core/image/repository/repository-settings.ts'
import type { EcrRepositories } from '../../ports/ecr-repositories.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, keyOf, placeOf } from '../aws/ask-ecr.ts'
import type { Sending } from '../aws/sending.ts'
import { untilAborted } from '../aws/until-aborted.ts'

const attempts = 5

/**
 * Makes a repository. CreateRepository has no idempotency token: after a lost answer, ours and
 * somebody else's are both told to exist already, and only a look shows whose it is.
 * @returns Who made the one that is there.
 * @throws ActionError, or the signal's reason; `sending` says whether it may be there all the same.
 */
export async function makeRepository(
  creation: Extract<RepositoryCreation, { kind: 'create' }>,
  ecr: EcrRepositories,
  sending: Sending,
  { clock, report, signal }: Pick<Ports, 'clock' | 'report' | 'signal'>,
): Promise<Maker> {
  const { repository, mutability, settings } = creation
  const [key, place, askedAt] = [keyOf(repository), placeOf(repository), clock.now()]
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sending.attempt(() => ecr.createRepository(key, mutability, settings, signal))
      return 'us'
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error
      report.detail(`CreateRepository: ${error.code}: ${error.message}`)
      if (!sending.maybeTaken && isThere(error)) return 'others'
      const found = sending.maybeTaken
        ? await askEcr(place, () => untilAborted(() => ecr.madeRepository(key), signal))
        : undefined
      if (found !== undefined) return makerOf(found, creation, askedAt)
      const explained = explainEcr(error, place)
      const again = isThere(error) || /^(throttled|aws-unavailable)$/.test(explained.code)
      if (!again || attempt >= attempts) throw explained
      await clock.sleep(backOffMs(attempt, clock.chance()), signal)
    }
  }
}

/** What is there and was not found is not seen yet, or was deleted in the meantime. */
function isThere({ code }: AwsFailure): boolean {
  return code === 'RepositoryAlreadyExistsException'
}
