/** An upload that something on its way has changed: ECR takes no such part, or no such layer. */
export const brokenUpload =
  /LayerPartTooSmall|InvalidLayer|Layer parts must be at least|invalid content digest in response/

/** Words that a build ends with when the same build may well end better a moment later. */
const passing: readonly RegExp[] = [
  // A registry's own trouble, or its pace (ECR user guide, common errors: 429 ThrottleException).
  /unexpected status(?: code)?(?: from [A-Z]+ request to)?(?: https?:\/\/\S+)?:? \[?(?:429|5\d\d)\b/,
  /unexpected (?:HTTP )?status: (?:429|5\d\d)/,
  /toomanyrequests: Rate exceeded/,
  // Connections.
  /connection reset by peer|broken pipe|connection refused|connection timed out|use of closed network connection/,
  /TLS handshake timeout|i\/o timeout|Client\.Timeout exceeded|context deadline exceeded/,
  /unexpected EOF|: EOF\b|http2: server sent GOAWAY|http2: client connection lost/,
  /Temporary failure in name resolution|server misbehaving/,
  // An upload that broke on its way.
  brokenUpload,
  /blob upload (?:unknown|invalid)|UploadNotFound/,
  // BuildKit goes on with an upload that was reset, behind what had arrived (measured: 0.34).
  /provided digest .*did not match uploaded content/,
  // Two targets of one bake write one local cache at the same moment (measured: buildx 0.38).
  /could not lock \S+index\.json\.lock/,
  // BuildKit itself went away.
  /error reading from server: EOF|code = Unavailable|graceful_stop/,
]

/** Words beside which nothing passes by itself. */
const lasting: readonly RegExp[] = [
  // A command of the Dockerfile: what it prints is its own affair.
  /did not complete successfully/,
  /You have reached your .*pull rate limit/,
  /no space left on device|cannot allocate memory/,
  /failed to dial|no such host/,
]

/**
 * Whether a failed build may be tried again: only what is known to pass is, and a failing step of
 * the Dockerfile never.
 * @param text The error that buildx ends with, and the failed step's.
 */
export function isTransient(text: string): boolean {
  return !lasting.some((words) => words.test(text)) && passing.some((words) => words.test(text))
}

/** ECR's and BuildKit's words for a login that has ended or was taken away (measured). */
export const lostLogin = /authorization token has expired|no basic auth credentials/i
const endedLogin = /authorization token has expired/i

/** Whether a registry that was logged in to takes the login no longer. */
export function isLoginLost(text: string): boolean {
  return lostLogin.test(text)
}

/**
 * The same of a pull, which may be from a registry that nobody ever logged in to: of that, too,
 * BuildKit says that there are no credentials.
 * @param hosts Those that are logged in to.
 */
export function isPullLoginLost(text: string, hosts: readonly string[]): boolean {
  if (endedLogin.test(text)) return true
  return isLoginLost(text) && hosts.some((host) => text.includes(`${host}/`))
}
