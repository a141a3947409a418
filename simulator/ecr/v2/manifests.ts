import { isUtf8 } from 'node:buffer'

import { BodyTooLarge, readBody, type Answer } from '../../wire/answer.ts'
import { checkManifest, invalidManifest } from '../store/check-manifest.ts'
import { isDigest } from '../store/digest.ts'
import { imageStatus } from '../store/image-status.ts'
import { OCI_INDEX } from '../store/media-types.ts'
import { tagTaken } from '../store/refusals.ts'
import { isReference, type Registry } from '../store/registry.ts'
import { referrer } from '../store/referrer.ts'
import { BASE_HEADERS, RegistryError } from './refusal.ts'
import type { HttpRequest } from '../../wire/http-request.ts'

/** The OCI distribution specification asks registries to take at least this much. */
const LIMIT_BYTES = 4 * 1024 * 1024

/** HEAD and GET of a manifest by tag or digest: the bytes as they were pushed. */
export function readManifest(
  registry: Registry,
  name: string,
  reference: string,
  request: HttpRequest,
): Answer {
  const repository = registry.repository(name)
  checkReference(reference)
  const image = repository.find(reference)
  if (image === undefined) {
    throw new RegistryError(404, 'MANIFEST_UNKNOWN', 'Requested image not found')
  }
  if (imageStatus(image, registry.clock.now()) !== 'ACTIVE') {
    // A restored image cannot be pulled before it is ACTIVE again.
    throw new RegistryError(404, 'MANIFEST_UNKNOWN', 'Requested image is archived')
  }
  if (request.method === 'GET') image.lastPulledAtMs = registry.clock.now()
  const { digest, mediaType, text } = image.manifest
  const headers = {
    ...BASE_HEADERS,
    'content-type': mediaType,
    'docker-content-digest': digest,
  }
  return { status: 200, headers, body: text }
}

/** PUT of a manifest by tag or digest, under ECR's rules. */
export async function putManifest(
  registry: Registry,
  name: string,
  reference: string,
  request: HttpRequest,
): Promise<Answer> {
  const repository = registry.repositoryForPush(name)
  checkReference(reference)
  const text = await readText(request)
  const mediaType = (request.headers['content-type'] ?? '').split(';', 1)[0] ?? ''
  const manifest = checkManifest(text, mediaType, repository, registry.id)
  const tag = isDigest(reference) ? undefined : reference
  if (tag === undefined && reference !== manifest.digest) {
    const message = `provided digest '${reference}' did not match uploaded content '${manifest.digest}'`
    throw new RegistryError(400, 'DIGEST_INVALID', message)
  }
  const named = tag === undefined ? undefined : repository.digestOfTag(tag)
  if (tag !== undefined && named !== undefined && named !== manifest.digest) {
    if (repository.isImmutable(tag)) throw tagTaken(tag, name)
  }
  await registry.put(repository, manifest, tag)
  const headers = {
    ...BASE_HEADERS,
    location: `/v2/${name}/manifests/${manifest.digest}`,
    'docker-content-digest': manifest.digest,
    ...(manifest.subject !== undefined && { 'oci-subject': manifest.subject.digest }),
  }
  return { status: 201, headers }
}

/** GET of the tags, in alphabetical order; `n` and `last` page through them. */
export function listTags(registry: Registry, name: string, request: HttpRequest): Answer {
  const query = request.url.searchParams
  const last = query.get('last')
  const tags = [...registry.repository(name).tags.keys()].filter(
    (tag) => last === null || tag > last,
  )
  const count = Number(query.get('n') ?? tags.length)
  if (!Number.isInteger(count) || count < 0) {
    throw new RegistryError(400, 'PAGINATION_NUMBER_INVALID', 'invalid number of results requested')
  }
  const page = tags.slice(0, count)
  const next = `</v2/${name}/tags/list?n=${String(count)}&last=${page.at(-1) ?? ''}>; rel="next"`
  return {
    status: 200,
    headers: {
      ...BASE_HEADERS,
      'content-type': 'application/json',
      ...(page.length > 0 && page.length < tags.length && { link: next }),
    },
    body: JSON.stringify({ name, tags: page }),
  }
}

/** GET of what refers to a digest, as an index; `artifactType` narrows it. */
export function listReferrers(
  registry: Registry,
  name: string,
  digest: string,
  request: HttpRequest,
): Answer {
  const repository = registry.repository(name)
  if (!isDigest(digest)) {
    throw new RegistryError(400, 'DIGEST_INVALID', `invalid digest '${digest}'`)
  }
  const artifactType = request.url.searchParams.get('artifactType')
  const manifests = repository
    .referrersOf(digest)
    .map(referrer)
    .filter((descriptor) => artifactType === null || descriptor.artifactType === artifactType)
  return {
    status: 200,
    headers: {
      ...BASE_HEADERS,
      'content-type': OCI_INDEX,
      ...(artifactType !== null && { 'oci-filters-applied': 'artifactType' }),
    },
    body: JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }),
  }
}

function checkReference(reference: string): void {
  if (isReference(reference)) return
  throw new RegistryError(
    400,
    'TAG_INVALID',
    `Invalid parameter at 'imageTag' failed to satisfy constraint: 'must satisfy regular ` +
      `expression '[a-zA-Z0-9-_.]+''`,
  )
}

async function readText(request: HttpRequest): Promise<string> {
  try {
    const bytes = await readBody(request.body, LIMIT_BYTES)
    // Text that is decoded with replacements would no longer have the digest of its bytes.
    if (!isUtf8(bytes)) throw invalidManifest()
    return bytes.toString('utf8')
  } catch (cause) {
    if (!(cause instanceof BodyTooLarge)) throw cause
    throw new RegistryError(413, 'MANIFEST_INVALID', 'the manifest is larger than 4 MiB')
  }
}
