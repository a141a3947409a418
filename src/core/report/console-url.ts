/** Domains of the console by partition (AWS General Reference, console endpoints). */
const consoleDomains: ReadonlyMap<string, string> = new Map([
  ['aws', 'console.aws.amazon.com'],
  ['aws-cn', 'console.amazonaws.cn'],
  ['aws-us-gov', 'console.amazonaws-us-gov.com'],
])

/**
 * The page of a service in the AWS console.
 * @returns undefined in partitions whose console is not known to us.
 */
export function serviceConsoleUrl(serviceArn: string): string | undefined {
  return consoleUrl('service', serviceArn)
}

/** The page of a task in the AWS console; undefined as for {@link serviceConsoleUrl}. */
export function taskConsoleUrl(taskArn: string): string | undefined {
  return consoleUrl('task', taskArn)
}

const pages = { service: 'deployments', task: 'configuration' } as const

function consoleUrl(kind: keyof typeof pages, arn: string): string | undefined {
  const [, partition = '', region, found, cluster, name] =
    /^arn:([\w-]+):ecs:([\w-]+):\d{12}:(service|task)\/([\w-]+)\/([\w-]+)$/.exec(arn) ?? []
  if (found !== kind || region === undefined || cluster === undefined || name === undefined) {
    return undefined
  }
  const domain = consoleDomains.get(partition)
  if (domain === undefined) return undefined
  return `https://${region}.${domain}/ecs/v2/clusters/${cluster}/${kind}s/${name}/${pages[kind]}?region=${region}`
}
