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
  const [, partition = '', region, cluster, service] =
    /^arn:([\w-]+):ecs:([\w-]+):\d{12}:service\/([\w-]+)\/([\w-]+)$/.exec(serviceArn) ?? []
  if (region === undefined || cluster === undefined || service === undefined) return undefined
  const domain = consoleDomains.get(partition)
  if (domain === undefined) return undefined
  return `https://${region}.${domain}/ecs/v2/clusters/${cluster}/services/${service}/deployments?region=${region}`
}
