/** What is asked of `docker buildx bake`, before and for the build. */
export interface BakeQuestion {
  /** Paths from the workspace, in order: the later wins. */
  readonly files: readonly string[]
  /** Targets and groups; empty: the group `default`. */
  readonly targets: readonly string[]
  /** `target.key=value`. */
  readonly set: readonly string[]
}

/** The arguments of `docker` that have a definition worked out and printed; nothing is built. */
export function printArguments({ files, targets, set }: BakeQuestion): readonly string[] {
  return [
    ...['buildx', 'bake', '--print'],
    ...files.map((file) => `--file=${file}`),
    ...set.map((override) => `--set=${override}`),
    '--',
    ...targets,
  ]
}

/** One go of bake: a definition of ours, so that what is built is what was judged. */
export interface BakeGo {
  readonly builder: string
  /** Written by us; see {@link writeDefinition}. */
  readonly definitionFile: string
  readonly metadataFile: string
  /** Names of targets, at least one. */
  readonly targets: readonly string[]
  /** Entitlements, and paths outside of the workspace. */
  readonly allow: readonly string[]
}

/** The arguments of `docker` for one go; every flag but `--allow` exists in buildx 0.13.1. */
export function bakeArguments(go: BakeGo): readonly string[] {
  return [
    ...['buildx', 'bake', `--builder=${go.builder}`, '--progress=plain'],
    ...go.allow.map((entitlement) => `--allow=${entitlement}`),
    `--metadata-file=${go.metadataFile}`,
    `--file=${go.definitionFile}`,
    '--',
    ...go.targets,
  ]
}
