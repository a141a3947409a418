const lastLine = (text: string): string => text.trim().split(/\r?\n/).at(-1)?.trim() ?? ''

/** What `docker pull` says, and how ECS says it. */
const pullFailures: readonly (readonly [RegExp, (image: string, platform: string) => string])[] = [
  [
    /no matching manifest for|does not match the specified platform|no match for platform/,
    (_image, platform) =>
      `image Manifest does not contain descriptor matching platform '${platform}'`,
  ],
  [
    /manifest unknown|not found: manifest|: not found/,
    (image) =>
      `pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`,
  ],
  [
    /no basic auth credentials|unauthorized|403 Forbidden|not authorized/i,
    () =>
      'The task can’t pull the image. Check that the role has the permissions to pull images from the registry. ',
  ],
  [
    /pull access denied|access to the resource is denied|repository does not exist/,
    () => 'The task can’t pull the image. Check whether the image exists. ',
  ],
]

/** The stopped-task text for a `docker pull` that failed with `stderr`. */
export function pullFailure(stderr: string, image: string, platform: string): string {
  const said = lastLine(stderr)
  const known = pullFailures.find(([pattern]) => pattern.test(said))?.[1](image, platform)
  const text = known === undefined ? said : known.endsWith(' ') ? known + said : known
  return `CannotPullContainerError: ${text}`
}

/** The stopped-task text for a `docker run` that could not start the container. */
export function startFailure(stderr: string): string {
  const said = stderr.split(/\r?\n/).find((line) => line.includes('Error response from daemon'))
  return `CannotStartContainerError: ${(said ?? lastLine(stderr)).replace(/^docker: /, '').trim()}`
}
