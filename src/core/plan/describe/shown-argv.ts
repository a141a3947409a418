import { bakeArguments } from '../../bake/argv.ts'
import { grantsOf } from '../../bake/grants.ts'
import { buildArguments, type BuildTarget } from '../../buildx/argv.ts'
import type { Builder } from '../../buildx/builder/builder.ts'
import { divideCaches } from '../../buildx/cache/divide-caches.ts'
import { csvFields } from '../../buildx/csv-fields.ts'
import type { BuilderInputs } from '../../inputs/build/builder.ts'
import { attributesOf } from '../../inputs/build/elements.ts'
import type { BakedImagePlan, BuildSpecification } from '../image/image-plan.ts'

/** Stands for a value that is not shown. */
const hidden = '…'

/** Attributes of caches, exporters and attestations that say where and how, and are no secrets. */
const shownAttributes: ReadonlySet<string> = new Set([
  ...['type', 'mode', 'ref', 'scope', 'name', 'region', 'bucket', 'prefix', 'src', 'dest'],
  ...['tag', 'digest', 'tar', 'generator', 'timeout', 'ignore-error', 'image-manifest'],
  ...['oci-mediatypes', 'compression', 'compression-level', 'force-compression'],
])

/** A build, and the builder that it is for. */
export interface ShownBuild {
  readonly specification: BuildSpecification
  readonly target: BuildTarget
  readonly builder: BuilderInputs
}

/**
 * What docker will be asked, for people: made as the real arguments are, of a build whose secrets,
 * build arguments, tokens and keys are names alone.
 */
export function shownArgv({ specification, target, builder }: ShownBuild): readonly string[] {
  const destination = { builder: shown(builder), target, metadataFile: hidden }
  const divided = divideCaches(specification, destination.builder).specification
  const secrets = specification.settings.secrets.map(({ id }) => ({ id, file: hidden }))
  return ['docker', ...buildArguments(withoutValues(divided), destination, secrets)]
}

/**
 * As {@link shownArgv}, of the one call of bake that makes an image, by a buildx that asks for leave
 * (0.19 or later); what is in the definition is not shown.
 * @param targets All that the call builds.
 */
export function shownBakeArgv(
  { bake, builder }: Pick<BakedImagePlan, 'bake' | 'builder'>,
  targets: readonly string[],
): readonly string[] {
  const allow = [...bake.settings.allow, ...shownGrants(bake)]
  const go = { builder: shown(builder).name, definitionFile: hidden, metadataFile: hidden }
  return ['docker', ...bakeArguments({ ...go, targets, allow })]
}

/** The leave that bake gets, files of secrets and keys hidden. */
function shownGrants({ settings, workspace }: BakedImagePlan['bake']): readonly string[] {
  const { cacheFrom, cacheTo } = settings
  const hiddenFile = `/${hidden}`
  const secrets = settings.secrets.flatMap(({ kind, id }) =>
    kind === 'variable' ? [] : [{ id, file: hiddenFile }],
  )
  const ssh = settings.ssh.map((grant) => grant.replace(/=.*$/s, `=${hiddenFile}`))
  const { allow } = grantsOf({ secrets, ssh, cacheFrom, cacheTo }, workspace)
  return allow.map((value) => (value === `fs.read=${hiddenFile}` ? `fs.read=${hidden}` : value))
}

/** A builder of ours is named when it is made; what another one's driver is, only it can tell. */
function shown(builder: BuilderInputs): Builder {
  switch (builder.kind) {
    case 'existing':
      return { name: builder.name, driver: undefined }
    case 'engine':
      return { name: hidden, driver: 'docker' }
    case 'own':
      return {
        name: `steadyship-${hidden}`,
        driver: builder.driver,
        nodes: 1 + builder.nodes.length,
      }
  }
}

function withoutValues(specification: BuildSpecification): BuildSpecification {
  const { settings } = specification
  const { attestations } = settings
  return {
    ...specification,
    contextDirectory: withoutLogin(specification.contextDirectory),
    dockerfile: withoutLogin(specification.dockerfile),
    buildArguments: specification.buildArguments.map(nameAlone),
    settings: {
      ...settings,
      secrets: [],
      ssh: settings.ssh.map(nameAlone),
      buildContexts: settings.buildContexts.map(withoutLogin),
      cacheFrom: settings.cacheFrom.map(withoutKeys),
      cacheTo: settings.cacheTo.map(withoutKeys),
      exporters: settings.exporters.map(withoutKeys),
      attestations: { ...attestations, attests: attestations.attests.map(withoutKeys) },
    },
  }
}

/** `NAME=…` */
function nameAlone(pair: string): string {
  const [name = '', ...value] = pair.split('=')
  return value.length === 0 ? name : `${name}=${hidden}`
}

/** A URL without its login, and without its query, which may be a signature. */
function withoutLogin(place: string): string {
  if (!place.includes('://')) return place
  return place.replace(/:\/\/[^/]*@/, `://${hidden}@`).replace(/\?[^#]*/, `?${hidden}`)
}

function withoutKeys(value: string): string {
  if (!value.includes('=')) return value
  const attributes = attributesOf(value)
  if (attributes === undefined) return hidden
  return csvFields(
    attributes.map(([key, text]) => `${key}=${shownAttributes.has(key) ? text : hidden}`),
  )
}
