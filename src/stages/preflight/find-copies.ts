import { ActionError } from '../../core/errors/action-error.ts'
import { shortDigest } from '../../core/image/digest.ts'
import type { PushedImage } from '../../core/image/image.ts'
import type { DeployInputs } from '../../core/inputs/inputs.ts'
import {
  repositoryUri,
  type Repository,
  type RepositoryReference,
} from '../../core/image/repository/repository.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { askEcr, keyOf, placeOf } from '../aws/ask-ecr.ts'
import { findImage, type FindPorts } from './find-image.ts'
import { locateRepository } from './inspect-repository.ts'

/** Finds the image that the user means, and its copies. @throws ActionError as {@link findImage}. */
export async function findEverywhere(
  image: string,
  { repository, copies }: Pick<DeployInputs, 'repository' | 'copies'>,
  session: AwsSession,
  ports: FindPorts,
): Promise<PushedImage> {
  const found = await findImage(image, repository, session, ports)
  return await findCopies(found, copies, session, ports)
}

/**
 * The image with those further repositories that hold its very bytes, so that each container goes on
 * pulling from where it does. One that cannot be asked is left out, with a warning.
 */
async function findCopies(
  image: PushedImage,
  references: readonly RepositoryReference[],
  session: AwsSession,
  { report }: Pick<Ports, 'report'>,
): Promise<PushedImage> {
  const found = await Promise.all(
    references.map(async (reference): Promise<readonly Repository[]> => {
      try {
        const { repository } = await locateRepository(reference, session)
        if (await holds(repository, image, session)) return [repository]
        report.line(`${repositoryUri(repository)} has no copy of ${shortDigest(image.digest)}`)
      } catch (error) {
        if (!(error instanceof ActionError)) throw error
        report.warning(`whether there is a copy is not known: ${error.message}`)
      }
      return []
    }),
  )
  const copies = found.flat()
  return copies.length === 0 ? image : { ...image, copies }
}

async function holds(
  repository: Repository,
  { digest }: PushedImage,
  session: AwsSession,
): Promise<boolean> {
  const ecr = session.ecr(repository.registry)
  const stored = await askEcr(placeOf(repository), () =>
    ecr.readManifest(keyOf(repository), { digest }),
  )
  return stored !== undefined
}
