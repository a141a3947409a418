/** What a registry request is about. */
export type Route =
  | { readonly kind: 'base' }
  | { readonly kind: 'blob'; readonly name: string; readonly digest: string }
  | { readonly kind: 'uploads'; readonly name: string }
  | { readonly kind: 'upload'; readonly name: string; readonly id: string }
  | { readonly kind: 'manifest'; readonly name: string; readonly reference: string }
  | { readonly kind: 'tags'; readonly name: string }
  | { readonly kind: 'referrers'; readonly name: string; readonly digest: string }

const BLOB = /^\/v2\/(.+)\/blobs\/([^/]+)$/
const UPLOAD = /^\/v2\/(.+)\/blobs\/uploads\/([^/]*)$/
const MANIFEST = /^\/v2\/(.+)\/manifests\/([^/]+)$/
const TAGS = /^\/v2\/(.+)\/tags\/list$/
const REFERRERS = /^\/v2\/(.+)\/referrers\/([^/]+)$/

/** Reads a path of the OCI distribution specification; undefined when it is none. */
export function routeOf(pathname: string): Route | undefined {
  if (pathname === '/v2/' || pathname === '/v2') return { kind: 'base' }
  const path = decode(pathname)
  const upload = UPLOAD.exec(path)
  if (upload !== null) {
    const [, name = '', id = ''] = upload
    return id === '' ? { kind: 'uploads', name } : { kind: 'upload', name, id }
  }
  const manifest = MANIFEST.exec(path)
  if (manifest !== null) {
    return { kind: 'manifest', name: manifest[1] ?? '', reference: manifest[2] ?? '' }
  }
  const tags = TAGS.exec(path)
  if (tags !== null) return { kind: 'tags', name: tags[1] ?? '' }
  const [, name = '', digest = ''] = BLOB.exec(path) ?? []
  if (digest === 'uploads') return { kind: 'uploads', name }
  if (digest !== '') return { kind: 'blob', name, digest }
  const [, subjectName = '', subject = ''] = REFERRERS.exec(path) ?? []
  if (subject === '') return undefined
  return { kind: 'referrers', name: subjectName, digest: subject }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (cause) {
    if (cause instanceof URIError) return path
    throw cause
  }
}
