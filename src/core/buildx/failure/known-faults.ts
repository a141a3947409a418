import type { ErrorCode } from '../../errors/codes.ts'
import type { DockerfilePlace } from './dockerfile-line.ts'
import { lostLogin } from './transient.ts'

/** Where a build ran, for its messages. */
export interface BuildPlace extends DockerfilePlace {
  readonly builder: string
}

/** A cause that is told in words of its own. */
export interface KnownFault {
  readonly code: ErrorCode
  readonly pattern: RegExp
  /** `reason`: what the build ended with. */
  readonly message: (place: BuildPlace, matched: string, reason: string) => string
  readonly remedy: string
  /** Whether a command of the Dockerfile may fail for it, too, which then says so itself. */
  readonly ofCommands?: true
}

/** What buildx and BuildKit say when it is not the Dockerfile's own commands (docs/errors.md). */
export const knownFaults: readonly KnownFault[] = [
  {
    code: 'builder-unavailable',
    pattern: /no builder "[^"]*" found/,
    message: (_place, matched) => matched,
    remedy: 'List the builders with `docker buildx ls`, or leave `builder` out to have one made.',
  },
  {
    code: 'builder-unavailable',
    pattern:
      /graceful_stop|waiting for connection|error reading from server: EOF|rpc error: code = Unavailable desc = .*|failed to dial|no active sessions?/,
    message: (place, matched) =>
      `builder "${place.builder}" went away during the build: ${matched}`,
    remedy:
      'Run the job again; if it happens often the builder runs out of memory: take a larger runner.',
  },
  {
    code: 'builder-unsuitable',
    pattern:
      /(Multi-platform build|Cache export|Attestation) is not supported for the docker driver|multiple platforms feature is currently not supported for docker driver/i,
    message: (place, matched) => `builder "${place.builder}": ${matched}`,
    remedy: 'Leave `builder` out, or name one with the docker-container or remote driver.',
  },
  {
    code: 'builder-unsuitable',
    pattern: /unknown cache (?:exporter|importer): "?\w+"?/,
    message: (place, matched) => `builder "${place.builder}": ${matched}`,
    remedy: 'Leave `builder` out to have a docker-container one, or take another `cache`.',
  },
  {
    code: 'platform-unsupported',
    pattern: /exec format error|qemu: uncaught target signal \d+/,
    message: (place, matched) =>
      `builder "${place.builder}" cannot run commands of a foreign CPU: ${matched}`,
    remedy: 'Run docker/setup-qemu-action before this step, or give the builder a native node.',
    ofCommands: true,
  },
  {
    code: 'platform-unsupported',
    pattern:
      /(?:[\w./:@-]+: )?(?:no match for platform in manifest|no matching manifest for .* in the manifest list).*/,
    message: (_place, matched) => `a base image lacks a platform: ${matched}`,
    remedy:
      'Take a base image that has all `platforms`, or ask for fewer; `docker buildx imagetools inspect` with its name lists those that it has.',
  },
  {
    code: 'build-failed',
    pattern: /no space left on device/,
    message: (place) => `no space left on the disk of builder "${place.builder}"`,
    remedy: 'Free disk space before this step, or take a runner with a larger disk.',
    ofCommands: true,
  },
  {
    code: 'build-failed',
    pattern: /exit code: 137|cannot allocate memory/,
    message: (_place, matched) => `a build command was killed for want of memory: ${matched}`,
    remedy: 'Take a larger runner, or let the command do less at a time.',
    ofCommands: true,
  },
  {
    code: 'registry-login-failed',
    pattern: /error getting credentials - err: .*/,
    message: (_place, matched) => `a credential helper of docker failed: ${matched}`,
    remedy:
      'Check the helpers that `credsStore` and `credHelpers` of the Docker configuration name, or log in with docker/login-action before this step.',
  },
  {
    // Before what is told of base images, whose words a cache may fail with as well.
    code: 'build-failed',
    pattern: /^exporting cache to .*$/m,
    message: (_place, matched, reason) => `step "${matched}" failed: ${reason}`,
    remedy:
      'Leave `ignore-error=false` out of `cache-to`: a cache that cannot be written is then a warning, and the image is pushed. ' +
      'If its registry asks for a login, name it in `registries` or log in to it before this step.',
  },
  {
    code: 'build-failed',
    pattern: /toomanyrequests: You have reached your .*pull rate limit.*|429 Too Many Requests.*/,
    message: (_place, matched) => `the registry of a base image refuses more pulls: ${matched}`,
    remedy:
      'Log in to that registry with docker/login-action before this step, or take public.ecr.aws.',
  },
  {
    code: 'build-failed',
    pattern: /pull access denied.*|insufficient_scope: authorization failed.*/,
    message: (_place, matched) => `a base image cannot be pulled: ${matched}`,
    remedy: 'Check its name in FROM, and log in to its registry before this step.',
  },
  {
    code: 'registry-login-failed',
    pattern: lostLogin,
    message: (_place, _matched, reason) =>
      `a registry that the build pulls from does not take its login: ${reason}`,
    remedy:
      'Name the registry in `registries`, or log in to it before this step; no later step may log out of it.',
  },
  {
    code: 'build-failed',
    pattern: /\bsecret [^\s:]+: not found/,
    message: (_place, matched) => `the Dockerfile needs a secret that it is not given: ${matched}`,
    remedy: 'Name it in `secrets`, `secret-envs` or `secret-files`, under the id of its mount.',
  },
  {
    code: 'build-failed',
    pattern: /failed to read dockerfile: .*/,
    message: (place, matched) => `"${place.dockerfile}": ${matched}`,
    remedy: 'Run actions/checkout before this step and check `context` and `file`.',
  },
  {
    code: 'build-failed',
    pattern: /failed to (?:calculate checksum of ref|compute cache key).* not found/,
    message: (_place, matched) =>
      `a COPY or ADD names a file that is not in the context: ${matched}`,
    remedy: 'Check `context` and the .dockerignore file.',
  },
]
