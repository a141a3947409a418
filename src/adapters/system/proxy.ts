type Environment = Readonly<Record<string, string | undefined>>

const proxyVariables = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'] as const

/**
 * What to say where the job names a proxy that calls to AWS would pass by: Node's agents honour the
 * variables from 24.5 on. Runners have had that since 2.328 (actions/runner#3972); older ones are
 * found on Enterprise Servers.
 * @param nodeVersion As in `process.versions.node`.
 */
export function describeUnusedProxy(
  environment: Environment,
  nodeVersion: string,
): string | undefined {
  const given = proxyVariables.find((name) => (environment[name] ?? '') !== '')
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
  if (given === undefined || major > 24 || (major === 24 && minor >= 5)) return undefined
  return (
    `${given} is not honoured by calls to AWS, because the runner's Node is ${nodeVersion}: ` +
    'update the runner to 2.328 or later, which brings Node 24.5'
  )
}
