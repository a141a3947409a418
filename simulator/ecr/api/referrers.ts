import { objectMember, stringMember, stringsMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { isDigest } from '../store/digest.ts'
import { imageStatus } from '../store/image-status.ts'
import { invalidParameter } from '../store/refusals.ts'
import { referrer } from '../store/referrer.ts'
import type { EcrOperations } from './operation.ts'
import { pageOf } from './page.ts'
import { required, targetRepository } from './target.ts'

/** ListImageReferrers: signatures, SBOMs and other artifacts whose subject is an image. */
export const referrerOperations: EcrOperations = {
  ListImageReferrers: (registry, input) => {
    const repository = targetRepository(registry, input)
    const subject = required(objectMember(input, 'subjectId') ?? {}, 'imageDigest')
    if (!isDigest(subject)) throw invalidParameter('imageDigest', 'Invalid image digest')
    const filter = objectMember(input, 'filter') ?? {}
    const types = stringsMember(filter, 'artifactTypes') ?? []
    const wanted = stringMember(filter, 'artifactStatus') ?? 'ACTIVE'
    const found = repository.referrersOf(subject).flatMap((image): JsonObject[] => {
      const descriptor = referrer(image)
      const artifactStatus = imageStatus(image, registry.clock.now())
      const ofType = types.length === 0 || types.includes(descriptor.artifactType ?? '')
      const ofStatus = wanted === 'ANY' || wanted === artifactStatus
      return ofType && ofStatus ? [{ ...descriptorJson(descriptor), artifactStatus }] : []
    })
    const { items, nextToken } = pageOf(found, input)
    return { referrers: [...items], ...(nextToken !== undefined && { nextToken }) }
  },
}

function descriptorJson({ annotations, artifactType, ...rest }: ReturnType<typeof referrer>) {
  return {
    ...rest,
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations !== undefined && { annotations }),
  }
}
