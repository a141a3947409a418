import { attributesOf, readElements, type Attributes } from './elements.ts'
import type { InputReader } from '../reader.ts'

/** What is attested beside the image. */
export interface Attestations {
  /** The value of `--provenance`; undefined where an attest says it. */
  readonly provenance: string | undefined
  /** The value of `--sbom`. */
  readonly sbom: string | undefined
  /** `type=…,key=value`. */
  readonly attests: readonly string[]
}

/** Whether anything is attested. */
export function isAttested({ provenance, sbom, attests }: Attestations): boolean {
  return [provenance, sbom, ...attests].some(
    (value) => value !== undefined && value !== 'false' && isEnabled(attributesOf(value) ?? []),
  )
}

/**
 * Whether an entry of `attest` asks for one: its last `disabled` counts, in any spelling of true that
 * Go takes (docker/buildx, util/buildflags/attests.go: strconv.ParseBool).
 */
export function isEnabled(entry: Attributes): boolean {
  const disabled = entry.findLast(([key]) => key === 'disabled')?.[1] ?? ''
  return !/^(1|t|T|TRUE|true|True)$/.test(disabled)
}

const attributes = /^[a-z][\w-]*=[^,\s]+(,[a-z][\w-]*=[^,\s]+)*$/

export function readAttestations(reader: InputReader): Attestations {
  const attests = readElements(reader, 'attests')
  const types = attests.map((attest) => typeOf(reader, attest))
  for (const [index, type] of types.entries()) {
    if (type === undefined) continue
    if (types.indexOf(type) < index) reader.reject('attests', `has type=${type} twice`)
    if ((type === 'provenance' || type === 'sbom') && reader.given(type)) {
      reader.reject('attests', `has type=${type} beside \`${type}\`; leave one of the two out`)
    }
  }
  const provenance = readAttestation(reader, 'provenance')
  const sbom = readAttestation(reader, 'sbom')
  return {
    attests,
    // Not max unless asked for: that publishes the values of build arguments.
    provenance: types.includes('provenance') ? undefined : withMode(provenance),
    sbom: types.includes('sbom') || sbom === 'false' ? undefined : sbom,
  }
}

function typeOf(reader: InputReader, attest: string): string | undefined {
  const [type, ...more] = (attributesOf(attest) ?? []).filter(([key]) => key === 'type')
  if (type === undefined || type[1] === '' || more.length > 0) {
    reader.reject('attests', 'is not type=name and attributes', attest)
  }
  return type?.[1]
}

/** `true`, `false`, or attributes. */
function readAttestation(reader: InputReader, name: 'provenance' | 'sbom'): string | undefined {
  return reader.parsed(name, 'is neither true, false nor attributes such as mode=max', (text) => {
    if (/^(true|false)$/i.test(text)) return text.toLowerCase()
    return attributes.test(text) && !/(^|,)type=/.test(text) ? text : undefined
  })
}

/** BuildKit's own choice for a provenance that names no mode is not asked for. */
function withMode(provenance: string | undefined): string | undefined {
  if (provenance === 'true') return 'mode=min'
  if (provenance === undefined || provenance === 'false') return provenance
  return /(^|,)mode=/.test(provenance) ? provenance : `mode=min,${provenance}`
}
