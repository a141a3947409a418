/** Consoles by partition of the region (AWS General Reference, console endpoints). */
function consoleHost(region: string): string | undefined {
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`
  if (region.startsWith('us-gov-')) return `${region}.console.amazonaws-us-gov.com`
  if (/^(us|eu|ap|ca|sa|me|af|il|mx)-/.test(region)) return `${region}.console.aws.amazon.com`
  return undefined
}

/**
 * The page of a service in the AWS console.
 * @returns undefined in partitions whose console is not known to us.
 */
export function serviceConsoleUrl(serviceArn: string): string | undefined {
  const [, region, cluster, service] =
    /^arn:[^:]+:ecs:([^:]+):\d{12}:service\/([\w-]+)\/([\w-]+)$/.exec(serviceArn) ?? []
  if (region === undefined || cluster === undefined || service === undefined) return undefined
  const host = consoleHost(region)
  if (host === undefined) return undefined
  return `https://${host}/ecs/v2/clusters/${cluster}/services/${service}/deployments?region=${region}`
}
