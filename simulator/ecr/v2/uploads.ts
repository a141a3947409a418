import type { Answer } from '../../wire/answer.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository } from '../store/repository.ts'
import type { Upload } from '../store/upload.ts'
import { BASE_HEADERS, RegistryError } from './refusal.ts'
import type { HttpRequest } from '../../wire/http-request.ts'

/** POST: begins an upload, mounts a blob, or takes a whole blob at once (`?digest=`). */
export async function beginUpload(
  registry: Registry,
  name: string,
  request: HttpRequest,
): Promise<Answer> {
  const repository = registry.repositoryForPush(name)
  const query = request.url.searchParams
  const mount = query.get('mount')
  if (mount !== null && mountBlob(registry, repository, mount, query.get('from'))) {
    return created(repository, mount)
  }
  const upload = await registry.beginUpload(repository)
  const digest = query.get('digest')
  if (digest === null) return accepted(upload)
  await upload.append(request.body)
  return finish(registry, repository, upload, digest)
}

/** GET, PATCH, PUT and DELETE of an upload that was begun. */
export async function continueUpload(
  registry: Registry,
  name: string,
  id: string,
  request: HttpRequest,
): Promise<Answer> {
  const repository = registry.repository(name)
  const upload = registry.upload(name, id)
  if (upload === undefined) {
    throw new RegistryError(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry')
  }
  switch (request.method) {
    case 'GET':
      return { ...accepted(upload), status: 204 }
    case 'DELETE':
      await registry.cancelUpload(upload)
      return { status: 204, headers: BASE_HEADERS }
    case 'PATCH':
      checkStart(request.headers['content-range'], upload)
      await upload.append(request.body)
      return accepted(upload)
    default: {
      checkStart(request.headers['content-range'], upload)
      const digest = request.url.searchParams.get('digest')
      if (digest === null) throw new RegistryError(400, 'DIGEST_INVALID', 'digest is missing')
      await upload.append(request.body)
      return finish(registry, repository, upload, digest)
    }
  }
}

function mountBlob(
  registry: Registry,
  repository: Repository,
  digest: string,
  from: string | null,
): boolean {
  if (repository.blobs.has(digest)) return true
  const source = from === null ? undefined : registry.find(from)
  if (!registry.blobMounting || source?.blobs.has(digest) !== true) return false
  repository.blobs.add(digest)
  return true
}

/** A chunk has to begin where the last one ended. */
function checkStart(contentRange: string | undefined, upload: Upload): void {
  if (contentRange === undefined) return
  const [, first] = /^(?:bytes )?(\d+)-\d+/.exec(contentRange) ?? []
  if (first !== undefined && Number(first) === upload.size) return
  throw new RegistryError(
    416,
    'BLOB_UPLOAD_INVALID',
    `the upload goes on at byte ${String(upload.size)}, not at '${contentRange}'`,
    uploadHeaders(upload),
  )
}

async function finish(
  registry: Registry,
  repository: Repository,
  upload: Upload,
  digest: string,
): Promise<Answer> {
  if (upload.digest !== digest) {
    const message = `provided digest '${digest}' did not match uploaded content '${upload.digest}'`
    await registry.cancelUpload(upload)
    throw new RegistryError(400, 'DIGEST_INVALID', message)
  }
  await registry.finishUpload(upload)
  return created(repository, digest)
}

function created({ name }: Repository, digest: string): Answer {
  const headers = {
    ...BASE_HEADERS,
    location: `/v2/${name}/blobs/${digest}`,
    'docker-content-digest': digest,
  }
  return { status: 201, headers }
}

function accepted(upload: Upload): Answer {
  return { status: 202, headers: uploadHeaders(upload) }
}

function uploadHeaders(upload: Upload): Record<string, string> {
  return {
    ...BASE_HEADERS,
    location: `/v2/${upload.repositoryName}/blobs/uploads/${upload.id}`,
    range: `0-${String(Math.max(0, upload.size - 1))}`,
    'docker-upload-uuid': upload.id,
  }
}
