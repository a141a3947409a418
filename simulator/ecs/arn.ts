/** Writes the ARNs of one account and region, and reads names out of ARNs. */
export interface Arns {
  cluster(name: string): string
  service(cluster: string, service: string): string
  task(cluster: string, id: string): string
  container(cluster: string, task: string, id: string): string
  taskDefinition(family: string, revision: number): string
  serviceDeployment(cluster: string, service: string, id: string): string
  serviceRevision(cluster: string, service: string, digits: string): string
}

/** The ARNs of ECS resources in `region` of the account, in the long format (with cluster). */
export function createArns(region: string, accountId: string): Arns {
  const arn = (kind: string, ...path: (string | number)[]): string =>
    `arn:aws:ecs:${region}:${accountId}:${kind}/${path.join('/')}`
  return {
    cluster: (name) => arn('cluster', name),
    service: (cluster, service) => arn('service', cluster, service),
    task: (cluster, id) => arn('task', cluster, id),
    container: (cluster, task, id) => arn('container', cluster, task, id),
    taskDefinition: (family, revision) => arn('task-definition', `${family}:${String(revision)}`),
    serviceDeployment: (cluster, service, id) => arn('service-deployment', cluster, service, id),
    serviceRevision: (cluster, service, digits) =>
      arn('service-revision', cluster, service, digits),
  }
}

/** The last path segment of an ARN; a plain name comes back as it is. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)
}

/** The cluster that a service or task ARN names; undefined for a plain name or the old format. */
export function clusterOf(nameOrArn: string): string | undefined {
  const [, cluster, name] = nameOrArn.startsWith('arn:') ? nameOrArn.split('/') : []
  return name === undefined ? undefined : cluster
}
