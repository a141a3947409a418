import { randomUUID } from 'node:crypto'

import type { EcrPublic } from '../../ecr-public/ecr-public.ts'
import { authenticateBearer, isPublicRequest } from '../../ecr-public/front.ts'
import { publicRepositoryArn } from '../../iam/permissions/ecr-public.ts'
import type { Iam } from '../../iam/iam.ts'
import { repositoryArn } from '../../iam/place.ts'
import type { Answer } from '../../wire/answer.ts'
import type { Dispatch } from '../../wire/dispatch.ts'
import type { JsonObject } from '../../wire/service.ts'
import type { AuthorizationTokens } from '../authorization-tokens.ts'
import type { Registry } from '../store/registry.ts'
import { authenticate } from './authenticate.ts'
import { readBlob } from './blobs.ts'
import { listReferrers, listTags, putManifest, readManifest } from './manifests.ts'
import { BASE_HEADERS, refuse, RegistryError } from './refusal.ts'
import type { HttpRequest } from '../../wire/http-request.ts'
import { routeOf, type Route } from './route.ts'
import { beginUpload, continueUpload } from './uploads.ts'

/** The registry that docker, BuildKit and skopeo talk to: `/v2/` under ECR's rules. */
export class RegistryFront {
  readonly path = '/v2'
  readonly #home: Registry
  readonly #tokens: AuthorizationTokens
  readonly #public: EcrPublic
  readonly #iam: Iam
  readonly #dispatch: Dispatch

  /** @param shared ECR Public, which is at the same listener. */
  constructor(
    registry: Registry,
    tokens: AuthorizationTokens,
    shared: EcrPublic,
    iam: Iam,
    dispatch: Dispatch,
  ) {
    this.#home = registry
    this.#tokens = tokens
    this.#public = shared
    this.#iam = iam
    this.#dispatch = dispatch
  }

  async answer(request: HttpRequest): Promise<Answer> {
    const route = routeOf(request.url.pathname)
    const operation = route === undefined ? 'Unknown' : operationOf(route, request.method)
    const subject = {
      requestId: randomUUID(),
      service: 'registry',
      operation: operation ?? 'Unknown',
      input: inputOf(request, route),
    }
    return this.#dispatch(subject, async () => {
      try {
        const isPublic = isPublicRequest(request)
        const accessKeyId = isPublic
          ? authenticateBearer(request, this.#public.tokens)
          : authenticate(request, this.#tokens)
        if (route === undefined) throw new RegistryError(404, 'NOT_FOUND', 'page not found')
        if (operation === undefined) throw unsupported()
        if (isPublic) {
          this.#authorizePush(accessKeyId, route, operation)
          return await perform(this.#public.registry, route, request)
        }
        const registry = this.#home.atHost(request.headers['host']) ?? this.#home
        this.#authorize(accessKeyId, registry, route, operation)
        return await perform(registry, route, request)
      } catch (cause) {
        return refuse(cause)
      }
    })
  }

  #authorize(accessKeyId: string, registry: Registry, route: Route, operation: string): void {
    if (route.kind === 'base') return
    const resource = repositoryArn(route.name, registry.place)
    const denial = this.#iam.denial(accessKeyId, { action: `ecr:${operation}`, resource })
    if (denial !== undefined) throw new RegistryError(403, 'DENIED', denial)
  }

  /** Everybody may pull from ECR Public. */
  #authorizePush(accessKeyId: string, route: Route, operation: string): void {
    if (route.kind === 'base' || !pushes.has(operation)) return
    const name = route.name.slice(route.name.indexOf('/') + 1)
    const resource = publicRepositoryArn(name, this.#public.registry.id)
    const denial = this.#iam.denial(accessKeyId, { action: `ecr-public:${operation}`, resource })
    if (denial !== undefined) throw new RegistryError(403, 'DENIED', denial)
  }
}

const pushes = new Set([
  'PutImage',
  'InitiateLayerUpload',
  'UploadLayerPart',
  'CompleteLayerUpload',
])

async function perform(registry: Registry, route: Route, request: HttpRequest): Promise<Answer> {
  switch (route.kind) {
    case 'base':
      return { status: 200, headers: { ...BASE_HEADERS, 'content-type': 'application/json' } }
    case 'blob':
      return readBlob(registry, route.name, route.digest, request)
    case 'uploads':
      return beginUpload(registry, route.name, request)
    case 'upload':
      return continueUpload(registry, route.name, route.id, request)
    case 'manifest':
      if (request.method === 'PUT') {
        return putManifest(registry, route.name, route.reference, request)
      }
      return readManifest(registry, route.name, route.reference, request)
    case 'tags':
      return listTags(registry, route.name, request)
    case 'referrers':
      return listReferrers(registry, route.name, route.digest, request)
  }
}

/** The IAM action that a registry request needs, which is also its name in the request log. */
const OPERATIONS: Readonly<Record<Route['kind'], Readonly<Record<string, string>>>> = {
  base: { GET: 'CheckVersion', HEAD: 'CheckVersion' },
  blob: { GET: 'GetDownloadUrlForLayer', HEAD: 'BatchCheckLayerAvailability' },
  uploads: { POST: 'InitiateLayerUpload' },
  upload: {
    GET: 'UploadLayerPart',
    PATCH: 'UploadLayerPart',
    PUT: 'CompleteLayerUpload',
    DELETE: 'UploadLayerPart',
  },
  manifest: { GET: 'BatchGetImage', HEAD: 'BatchGetImage', PUT: 'PutImage' },
  tags: { GET: 'ListImages' },
  referrers: { GET: 'ListImageReferrers' },
}

function operationOf(route: Route, method: string): string | undefined {
  const operations = OPERATIONS[route.kind]
  return Object.hasOwn(operations, method) ? operations[method] : undefined
}

function unsupported(): RegistryError {
  return new RegistryError(405, 'UNSUPPORTED', 'The operation is unsupported.')
}

function inputOf({ method, url }: HttpRequest, route: Route | undefined): JsonObject {
  const query = Object.fromEntries(url.searchParams)
  return { method, path: url.pathname, ...(Object.keys(query).length > 0 && { query }), ...route }
}
