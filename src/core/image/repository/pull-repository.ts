import type { ImageHome } from '../image.ts'
import { isSameRepository, parseRepositoryReference, type Repository } from './repository.ts'

/**
 * From which repository a container pulls an image that lies in several: the one that it uses
 * already, else the one in the region of its tasks, else the source.
 * @param current The image reference of the container now.
 * @param region Of the tasks; undefined: not known.
 */
export function pullRepository(
  { repository, copies = [] }: ImageHome,
  current: string,
  region: string | undefined,
): Repository {
  const all = [repository, ...copies]
  return (
    all.find((candidate) => livesIn(current, candidate)) ??
    all.find(({ registry }) => registry.region === region) ??
    repository
  )
}

/** Whether an image reference names `repository`; the account's FIPS and dual-stack hosts are one. */
export function livesIn(image: string, repository: Repository): boolean {
  // `host/name`, `host/name:tag`, `host/name@digest`: no ECR host has a port.
  const parsed = parseRepositoryReference(image.replace(/[:@].*$/, ''))
  if (parsed?.host === undefined) return false
  return isSameRepository({ registry: parsed.host, name: parsed.name }, repository)
}
