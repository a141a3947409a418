import { existsSync } from 'node:fs'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * To be called by a command inside a world: makes the certificates of `hosts` that the PEM
 * `certificateAuthority` signed trusted: by Docker and the BuildKit inside it (which read their
 * folder at each push and pull), by skopeo, and by whatever uses OpenSSL's bundle (git, curl). The
 * world's root is private, and gone with it. Returns the variables with which Node, started after
 * this, trusts them as well. The host's address is told when the world is entered.
 */
export async function trustCertificates(
  hosts: readonly string[],
  certificateAuthority: string,
): Promise<Record<string, string>> {
  if (!existsSync('/run/world')) throw new Error('This process is not inside a private world.')
  const folders = ['/etc/docker/certs.d', '/etc/containers/certs.d']
  for (const folder of folders.flatMap((parent) => hosts.map((host) => join(parent, host)))) {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'ca.crt'), certificateAuthority)
  }
  await appendFile('/etc/ssl/certs/ca-certificates.crt', `\n${certificateAuthority}`)
  const path = '/etc/ssl/certs/world-registry.pem'
  await writeFile(path, certificateAuthority)
  return { NODE_EXTRA_CA_CERTS: path }
}
