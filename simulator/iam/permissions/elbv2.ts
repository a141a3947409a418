import type { Permission } from './permission.ts'

/** The reads of Elastic Load Balancing know no resources: a denial names none (ELB user guide). */
export function elbv2Permissions(operation: string): readonly Permission[] {
  return [{ action: `elasticloadbalancing:${operation}`, resource: '*' }]
}
