import type { BuildSpecification } from '../plan/image-plan.ts'

/** Where one build's result goes. */
export interface BuildDestination {
  readonly builder: string
  /** `host/name:tag`: the one name that the build pushes. */
  readonly reference: string
  /** Where buildx writes the digest of what it pushed. */
  readonly metadataFile: string
}

/**
 * The arguments of `docker` for one build and push. Every value is in one element with its flag, so
 * that no value is ever an option; every flag exists since buildx 0.12 (0.13.1 is what Debian has).
 */
export function buildArguments(
  specification: BuildSpecification,
  destination: BuildDestination,
): readonly string[] {
  return [
    'buildx',
    'build',
    `--builder=${destination.builder}`,
    '--progress=plain',
    `--platform=${specification.platforms.join(',')}`,
    `--file=${specification.dockerfile}`,
    ...(specification.target === undefined ? [] : [`--target=${specification.target}`]),
    ...specification.buildArguments.map((argument) => `--build-arg=${argument}`),
    ...pairs(specification.labels).map((label) => `--label=${label}`),
    ...pairs(specification.annotations).map((fact) => `--annotation=manifest:${fact}`),
    ...(specification.noCache ? ['--no-cache'] : []),
    ...(specification.pull ? ['--pull'] : []),
    // Not max: that would publish the values of build arguments.
    '--provenance=mode=min',
    `--metadata-file=${destination.metadataFile}`,
    `--output=type=image,name=${destination.reference},push=true,oci-mediatypes=true`,
    specification.contextDirectory,
  ]
}

/** `NAME=value`, sorted: the same plan gives the same arguments. */
function pairs(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
}
