import { digestOf } from '../../../simulator/ecr/store/digest.ts'
import { OCI_INDEX, OCI_MANIFEST } from '../../../simulator/ecr/store/media-types.ts'

/** A manifest with the blobs that it needs. */
export interface TestImage {
  readonly text: string
  readonly mediaType: string
  readonly digest: string
  readonly blobs: readonly Buffer[]
}

/** An image with one layer; `salt` makes it another image. */
export function imageOf(
  platform: string,
  salt = '',
  more: Readonly<Record<string, unknown>> = {},
): TestImage {
  const [os, architecture] = platform.split('/')
  const config = Buffer.from(JSON.stringify({ os, architecture, salt }))
  const layer = Buffer.from(`layer of ${platform} ${salt}`)
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar+gzip', layer)],
    ...more,
  })
  return { text, mediaType: OCI_MANIFEST, digest: digestOf(text), blobs: [config, layer] }
}

/** An index of images by platform. */
export function indexOf(images: Readonly<Record<string, TestImage>>): TestImage {
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: Object.entries(images).map(([platform, image]) => {
      const [os, architecture] = platform.split('/')
      const size = Buffer.byteLength(image.text)
      const { mediaType, digest } = image
      return { mediaType, digest, size, platform: { os, architecture } }
    }),
  })
  return { text, mediaType: OCI_INDEX, digest: digestOf(text), blobs: [] }
}

function descriptor(mediaType: string, bytes: Buffer) {
  return { mediaType, digest: digestOf(bytes), size: bytes.length }
}
