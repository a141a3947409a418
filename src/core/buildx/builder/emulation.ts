import { parsePlatform, type Platform } from '../../image/platform.ts'
import { parseJsonObject, stringsAt } from '../../json.ts'
import { architectureOf, missingPlatforms, operatingSystemOf } from './missing-platforms.ts'

/** QEMU's names of the architectures that tonistiigi/binfmt registers, by Go's. */
const handlers: ReadonlyMap<string, string> = new Map([
  ['amd64', 'qemu-x86_64'],
  ['arm64', 'qemu-aarch64'],
  ['arm', 'qemu-arm'],
  ['386', 'qemu-i386'],
  ['s390x', 'qemu-s390x'],
  ['ppc64le', 'qemu-ppc64le'],
  ['riscv64', 'qemu-riscv64'],
  ['mips64le', 'qemu-mips64el'],
  ['mips64', 'qemu-mips64'],
  ['loong64', 'qemu-loongarch64'],
])

/** Whether `name` is a handler that this action may have registered. */
export function isOwnHandler(name: string): boolean {
  return [...handlers.values()].includes(name)
}

/** What runs on a kernel, as tonistiigi/binfmt prints it. */
export interface KernelEmulation {
  /** Native ones and those that a handler runs. */
  readonly platforms: readonly Platform[]
  /** Names in binfmt_misc, whoever registered them. */
  readonly handlers: readonly string[]
}

/** Reads what the helper prints at its end. @returns undefined where it printed something else. */
export function parseKernelEmulation(text: string): KernelEmulation | undefined {
  const value = parseJsonObject(text)
  if (!Array.isArray(value?.['supported'])) return undefined
  return {
    platforms: stringsAt(value, 'supported').flatMap((name) => parsePlatform(name) ?? []),
    handlers: stringsAt(value, 'emulators'),
  }
}

/** A handler that is to be registered. */
export interface Emulator {
  /** What the helper calls it: an architecture. */
  readonly architecture: string
  /** Its name in binfmt_misc. */
  readonly handler: string
}

/** What is to be registered for missing platforms, or why they cannot be emulated. */
export type EmulationPlan =
  | { readonly kind: 'register'; readonly emulators: readonly Emulator[] }
  | { readonly kind: 'impossible'; readonly reason: string }

/**
 * Decides what to register. Nothing that is there is replaced, and never a handler for what the
 * machine runs by itself: it would take over every program of the machine.
 * @param builder What the builder offers without help.
 */
export function planEmulation(
  missing: readonly Platform[],
  builder: readonly Platform[],
  kernel: KernelEmulation,
): EmulationPlan {
  const emulators = new Map<string, Emulator>()
  for (const platform of missingPlatforms(missing, kernel.platforms)) {
    const architecture = architectureOf(platform)
    const handler = handlers.get(architecture)
    if (handler === undefined || operatingSystemOf(platform) !== 'linux') {
      return impossible(`there is no emulation of ${platform}`)
    }
    if ([...builder, ...kernel.platforms].some((other) => architectureOf(other) === architecture)) {
      return impossible(`the machine runs ${architecture} already, but not ${platform}`)
    }
    const present = kernel.handlers.find((name) => name === handler)
    if (present !== undefined) {
      return impossible(`the handler ${present} is registered already and does not run ${platform}`)
    }
    emulators.set(architecture, { architecture, handler })
  }
  return { kind: 'register', emulators: [...emulators.values()] }
}

function impossible(reason: string): EmulationPlan {
  return { kind: 'impossible', reason }
}

/** What the helper said of each architecture that it was to register: `OK`, or why not. */
export function installations(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const [, architecture = '', result = ''] = /^installing: (\S+) (.+)$/.exec(line.trim()) ?? []
      return architecture === '' ? [] : [[architecture, result]]
    }),
  )
}

/** Of a name that the kernel had already: its handler is somebody else's. */
export function isTaken(result: string | undefined): boolean {
  return result?.endsWith('already registered') === true
}

/** The handlers that the helper could not remove, each with why; those that are gone are none. */
export function notRemoved(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => {
    const [, name, result] = /^uninstalling: (\S+) (.+)$/.exec(line.trim()) ?? []
    return name === undefined || result === 'OK' || result === 'not found'
      ? []
      : [`${name}: ${result}`]
  })
}

/**
 * How `docker` is told the engine behind a node; undefined where that is another machine, whose
 * kernel is not ours to change.
 * @param endpoint As `docker buildx inspect` tells it: a context, or an address.
 */
export function localEngine(endpoint: string): string | undefined {
  if (/^(unix|npipe):\/\/[\w./:-]+$/.test(endpoint)) return `--host=${endpoint}`
  return /^[a-zA-Z0-9][\w.+-]*$/.test(endpoint) ? `--context=${endpoint}` : undefined
}
