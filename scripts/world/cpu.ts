/** A CPU as Docker, Debian and qemu name it (Docker and Debian agree on these two). */
export interface Cpu {
  readonly architecture: 'amd64' | 'arm64'
  readonly qemu: 'x86_64' | 'aarch64'
  /** The head of its ELF programs and the mask over it, as in Debian's `binfmt.d/qemu-*.conf`. */
  readonly elf: { readonly magic: string; readonly mask: string }
}

const amd64: Cpu = {
  architecture: 'amd64',
  qemu: 'x86_64',
  elf: {
    magic: '7f454c4602010100000000000000000002003e00',
    mask: 'fffffffffffefefcfffffffffffffffffeffffff',
  },
}

const arm64: Cpu = {
  architecture: 'arm64',
  qemu: 'aarch64',
  elf: {
    magic: '7f454c460201010000000000000000000200b700',
    mask: 'ffffffffffffff00fffffffffffffffffeffffff',
  },
}

/** The CPU of this machine. */
export const nativeCpu: Cpu = process.arch === 'arm64' ? arm64 : amd64

/** The other of the two CPUs, which needs emulation here. */
export const foreignCpu: Cpu = process.arch === 'arm64' ? amd64 : arm64
