import type { Mode } from '../mode.ts'
import type { InputReader } from '../reader.ts'

/** What `container-images` says: an image by its reference, or by the bake target that makes it. */
export interface ContainerImages {
  /** Container name to image reference. */
  readonly references: ReadonlyMap<string, string>
  /** Container name to bake target; undefined: what the containers run decides. */
  readonly targets: ReadonlyMap<string, string> | undefined
}

const containerImagePattern = /^([a-zA-Z0-9_-]{1,255})=(\S+)$/
const targetPattern = /^[a-zA-Z0-9_][a-zA-Z0-9_-]*$/

/** Reads it. Where it is given, it alone sets the images. */
export function readContainerImages(reader: InputReader, mode: Mode): ContainerImages {
  // Whether this run makes images of bake targets.
  const bakes = mode === 'release' && reader.text('bake-files') !== undefined
  const references = new Map<string, string>()
  const targets = new Map<string, string>()
  for (const line of reader.lines('container-images')) {
    const [, container, image = ''] = containerImagePattern.exec(line) ?? []
    const isReference = /[/:@]/.test(image)
    if (container === undefined || !(isReference || (bakes && targetPattern.test(image)))) {
      const target = bakes ? ', or a bake target' : ''
      const allowed = `is not container=image, the image a reference with /, : or @ in it${target}`
      reader.reject('container-images', allowed, line)
    } else if (references.has(container) || targets.has(container)) {
      reader.reject('container-images', 'names a container twice', container)
    } else {
      const images = isReference ? references : targets
      images.set(container, image)
    }
  }
  const given = [...references.keys(), ...targets.keys()]
  if (given.length > 0 && reader.given('image')) {
    reader.reject('container-images', 'alone sets the images; leave `image` out', given.join(', '))
  }
  if (given.length > 0 && mode === 'release' && !bakes) {
    reader.reject(
      'container-images',
      'is for mode deploy or run, or for bake-files: the image of this run goes to `container-name`',
    )
  }
  return { references, targets: bakes && given.length > 0 ? targets : undefined }
}
