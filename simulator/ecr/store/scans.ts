import type { Clock } from '../../clock/clock.ts'
import { matchesWildcard } from '../../iam/wildcard.ts'
import { imageStatus } from './image-status.ts'
import type { Manifest } from './manifest.ts'
import { isIndexType } from './media-types.ts'
import type { Repository, StoredImage } from './repository.ts'
import type { ScanFinding } from './scan-finding.ts'

export type ScanFrequency = 'SCAN_ON_PUSH' | 'CONTINUOUS_SCAN' | 'MANUAL'

/** The registry's scanning configuration: which repositories are scanned how. */
export interface ScanningConfiguration {
  readonly scanType: 'BASIC' | 'ENHANCED'
  readonly rules: readonly {
    readonly scanFrequency: ScanFrequency
    /** Wildcard filters of repository names. */
    readonly filters: readonly string[]
  }[]
}

/** How the scan of an image goes; what is left out goes well. */
export interface ScanScript {
  readonly findings?: readonly ScanFinding[]
  /** From its start to its end; default 10 s. */
  readonly durationMs?: number
  /** Where it ends; default COMPLETE, of continuous scans ACTIVE. */
  readonly status?:
    | 'FAILED'
    | 'UNSUPPORTED_IMAGE'
    | 'SCAN_ELIGIBILITY_EXPIRED'
    | 'FINDINGS_UNAVAILABLE'
    | 'LIMIT_EXCEEDED'
  readonly description?: string
}

/** What there is to tell of a scan now. */
export interface ScanState {
  readonly status: string
  readonly description: string
  readonly isEnhanced: boolean
  /** Once there are findings. */
  readonly completedAtMs?: number
  readonly findings: readonly ScanFinding[]
}

const DURATION_MS = 10_000
const UNSUPPORTED =
  'UnsupportedImageError: The operating system and/or package manager are not supported.'

/** The scans of one registry; their progress is a matter of the clock alone. */
export class Scans {
  configuration: ScanningConfiguration = { scanType: 'BASIC', rules: [] }
  readonly #clock: Clock
  readonly #startsMs = new Map<string, number>()
  readonly #scripts = new Map<string, ScanScript>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Says how scans go: of one image by its digest, or of all in a repository by its name. */
  script(digestOrRepository: string, script: ScanScript): void {
    this.#scripts.set(digestOrRepository, script)
  }

  /** How often the registry's rules or the repository's own setting have images scanned. */
  frequencyOf({ name, settings }: Repository): ScanFrequency {
    const rule = this.configuration.rules.find(({ filters }) =>
      filters.some((filter) =>
        matchesWildcard(filter.includes('*') ? filter : `*${filter}*`, name),
      ),
    )
    if (rule !== undefined) return rule.scanFrequency
    const ownSetting = this.configuration.scanType === 'BASIC' && settings.scanOnPush
    return ownSetting ? 'SCAN_ON_PUSH' : 'MANUAL'
  }

  /** Begins the scan of an image that is scanned on push. */
  pushed(repository: Repository, manifest: Manifest): void {
    if (isIndexType(manifest.mediaType) || this.frequencyOf(repository) === 'MANUAL') return
    this.start(repository, manifest.digest)
  }

  start(repository: Repository, digest: string): void {
    this.#startsMs.set(keyOf(repository, digest), this.#clock.now())
  }

  /** When the last scan of an image began, in simulator's milliseconds. */
  startedAtMs(repository: Repository, digest: string): number | undefined {
    return this.#startsMs.get(keyOf(repository, digest))
  }

  /** Undefined where no scan was ever begun. */
  stateOf(repository: Repository, image: StoredImage): ScanState | undefined {
    const { digest } = image.manifest
    const startedAtMs = this.startedAtMs(repository, digest)
    if (startedAtMs === undefined) return undefined
    const isEnhanced = this.configuration.scanType === 'ENHANCED'
    const state = (status: string, description: string): ScanState => ({
      ...{ status, description, isEnhanced },
      findings: [],
    })
    const nowMs = this.#clock.now()
    if (imageStatus(image, nowMs) !== 'ACTIVE') return state('IMAGE_ARCHIVED', 'Image is archived.')
    const script = this.#scripts.get(digest) ?? this.#scripts.get(repository.name) ?? {}
    const completedAtMs = startedAtMs + (script.durationMs ?? DURATION_MS)
    if (nowMs < completedAtMs) {
      return isEnhanced
        ? state('PENDING', 'The scan is pending.')
        : state('IN_PROGRESS', 'The scan is in progress.')
    }
    if (script.status !== undefined)
      return state(script.status, script.description ?? script.status)
    if (isAttestation(image.manifest))
      return state(isEnhanced ? 'UNSUPPORTED_IMAGE' : 'FAILED', UNSUPPORTED)
    const isContinuous = isEnhanced && this.frequencyOf(repository) === 'CONTINUOUS_SCAN'
    return {
      status: isContinuous ? 'ACTIVE' : 'COMPLETE',
      description: isContinuous
        ? 'Continuous scan is selected for image.'
        : 'The scan was completed successfully.',
      isEnhanced,
      completedAtMs,
      findings: script.findings ?? [],
    }
  }
}

function keyOf({ name }: Repository, digest: string): string {
  return `${name}@${digest}`
}

/** An attestation has layers of in-toto statements and no operating system. */
function isAttestation({ layers }: Manifest): boolean {
  return layers.length > 0 && layers.every(({ mediaType }) => mediaType.includes('in-toto'))
}
