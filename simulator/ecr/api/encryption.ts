import { objectMember, stringMember } from '../../wire/members.ts'
import type { JsonObject } from '../../wire/service.ts'
import { invalidParameter } from '../store/refusals.ts'

/** `encryptionConfiguration` as it was given: AES256 unless another is. */
export function encryptionOf(input: JsonObject): JsonObject {
  const encryption = objectMember(input, 'encryptionConfiguration')
  if (encryption === undefined) return { encryptionType: 'AES256' }
  const type = stringMember(encryption, 'encryptionType')
  if (type !== 'AES256' && type !== 'KMS' && type !== 'KMS_DSSE') {
    const constraint = 'Member must satisfy enum value set: [KMS, AES256, KMS_DSSE]'
    throw invalidParameter('encryptionType', constraint)
  }
  if (type === 'AES256' && encryption['kmsKey'] !== undefined) {
    throw invalidParameter('kmsKey', 'Member must be null when encryptionType is AES256')
  }
  return encryption
}
