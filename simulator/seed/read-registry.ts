import { Readable } from 'node:stream'

import type { Fields } from '../document/fields.ts'
import type { Ground, Planting } from './planting.ts'
import { layOut, type Pushable, type SeedImage } from './seed-image.ts'

const REPOSITORY = ['name', 'immutable', 'except', 'scanOnPush', 'images']
const IMAGE = ['tags', 'platforms', 'bytes', 'annotations']
const PLATFORM = /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/
const DEFAULT_BYTES = 4096
/** An image of a seed is made in memory. */
const MOST_BYTES = 64 * 1024 * 1024

/** `repositories:` with the images that lie in them. */
export function readRepositories(seed: Fields): readonly Planting[] {
  return seed.each('repositories', REPOSITORY).flatMap((fields) => {
    const name = fields.requiredText('name')
    const base = fields.flag('immutable') === true ? 'IMMUTABLE' : 'MUTABLE'
    const exclusionFilters = fields.texts('except')
    const exempt = exclusionFilters.length > 0
    const settings = {
      tagMutability: exempt ? (`${base}_WITH_EXCLUSION` as const) : base,
      exclusionFilters,
      scanOnPush: fields.flag('scanOnPush') ?? false,
    } as const
    const repository: Planting = {
      path: fields.path,
      plant: ({ simulator }) => simulator.ecr.registry.create(name, settings),
    }
    const images = fields.each('images', IMAGE).map((image) => readImage(name, image))
    return [repository, ...images]
  })
}

function readImage(repository: string, fields: Fields): Planting {
  const platforms = fields.has('platforms') ? fields.texts('platforms') : ['linux/amd64']
  for (const platform of platforms) {
    if (PLATFORM.test(platform)) continue
    fields.refuse('platforms', `lists platforms such as linux/amd64, not '${platform}'`)
  }
  if (platforms.length === 0) fields.refuse('platforms', 'lists at least one platform')
  const bytes = fields.wholeNumber('bytes') ?? DEFAULT_BYTES
  if (bytes > MOST_BYTES) fields.refuse('bytes', `is ${String(MOST_BYTES)} at most`)
  const image = { tags: fields.texts('tags'), platforms, bytes, annotations: annotations(fields) }
  return { path: fields.path, plant: (ground) => push(ground, repository, image) }
}

function annotations(fields: Fields): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(fields.object('annotations') ?? {})) {
    if (typeof value === 'string') texts[name] = value
    else {
      const path = [...fields.path, 'annotations', name]
      fields.problems.push({ path, message: 'is a text: numbers and dates need quotes' })
    }
  }
  return texts
}

/** Pushes as a client of the API does: blobs, manifests, the index, then every tag. */
async function push(ground: Ground, repositoryName: string, image: SeedImage): Promise<void> {
  const pushables = layOut(image)
  for (const pushable of pushables) await pushOne(ground, repositoryName, pushable)
  const top = pushables.at(-1)
  if (top === undefined) return
  for (const imageTag of image.tags) {
    await ground.call('ecr', 'PutImage', { ...putInput(repositoryName, top), imageTag })
  }
}

async function pushOne(ground: Ground, name: string, pushable: Pushable): Promise<void> {
  const { registry } = ground.simulator.ecr
  const repository = registry.repository(name)
  for (const blob of pushable.blobs) {
    const upload = await registry.beginUpload(repository)
    await upload.append(Readable.from([blob]))
    await registry.finishUpload(upload)
  }
  const isThere = repository.images.some(({ manifest }) => manifest.text === pushable.text)
  if (!isThere) await ground.call('ecr', 'PutImage', putInput(name, pushable))
}

function putInput(repositoryName: string, { mediaType, text }: Pushable) {
  return { repositoryName, imageManifest: text, imageManifestMediaType: mediaType }
}
