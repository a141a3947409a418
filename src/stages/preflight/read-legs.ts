import { commitOfLegs } from '../../core/image/content/join-legs.ts'
import type { RegistryImage } from '../../core/image/content/registry-image.ts'
import { commitsOfEvent, type HeadCommit } from '../../core/image/naming/run-commit.ts'
import type { Repository } from '../../core/image/repository/repository.ts'
import type { MergeInputs } from '../../core/inputs/inputs.ts'
import type { AwsSession } from '../../ports/aws.ts'
import type { Ports } from '../../ports/ports.ts'
import { locateRepository } from './inspect-repository.ts'
import { Objections } from './objections.ts'
import { readLeg } from './read-leg.ts'

type LegPorts = Pick<Ports, 'context' | 'signal'>

/** Reads what the build legs pushed. @throws ActionError as {@link readLeg}. */
export async function readLegs(
  { digests }: Pick<MergeInputs, 'digests'>,
  repository: Repository,
  session: AwsSession,
  ports: Pick<Ports, 'signal'>,
): Promise<readonly RegistryImage[]> {
  const ecr = session.ecr(repository.registry)
  return await Promise.all(digests.map((digest) => readLeg(repository, digest, ecr, ports)))
}

/**
 * The commit that all legs were built of.
 * @returns undefined where they do not agree on one that the event tells; joining them says why.
 */
export async function readCommitOfLegs(
  { publish, digests }: Pick<MergeInputs, 'publish' | 'digests'>,
  session: AwsSession,
  ports: LegPorts,
): Promise<HeadCommit | undefined> {
  const read = async (): Promise<readonly RegistryImage[]> => {
    const { repository } = await locateRepository(publish.repository, session)
    return await readLegs({ digests }, repository, session, ports)
  }
  const id = commitOfLegs((await new Objections().collect(read())) ?? [])
  const isTold = id !== undefined && commitsOfEvent(ports.context).includes(id)
  return isTold ? { id, committedAt: undefined } : undefined
}
