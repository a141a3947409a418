/** All that the action may ask of AWS. */
export const everyAction: readonly string[] = [
  'iam:PassRole',
  ...actionsOf('ecr', [
    ...['GetAuthorizationToken', 'DescribeRepositories', 'DescribeImages', 'ListImages'],
    ...['BatchGetImage', 'BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'PutImage'],
    ...['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload'],
  ]),
  ...actionsOf('ecs', [
    ...['DescribeClusters', 'DescribeServices', 'DescribeTaskDefinition', 'ListTasks'],
    ...['DescribeTasks', 'RegisterTaskDefinition', 'TagResource', 'UpdateService'],
    ...['ListServiceDeployments', 'DescribeServiceDeployments', 'DescribeServiceRevisions'],
  ]),
  'logs:GetLogEvents',
]

function actionsOf(service: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${service}:${name}`)
}
