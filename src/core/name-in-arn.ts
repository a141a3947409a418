/** The last part of an ARN: `web:12`, `prod`, a task's id; of a text without slashes, the text itself. */
export function nameInArn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
