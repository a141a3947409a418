/** All that the action may ask of AWS. */
export const everyAction: readonly string[] = [
  'iam:PassRole',
  'iam:GetRole',
  ...actionsOf('ecr', [
    ...['GetAuthorizationToken', 'DescribeRepositories', 'DescribeImages', 'ListImages'],
    ...['BatchGetImage', 'BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'PutImage'],
    ...['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload'],
    ...['CreateRepository', 'DescribeRepositoryCreationTemplates', 'TagResource'],
    ...['PutLifecyclePolicy', 'SetRepositoryPolicy'],
  ]),
  ...actionsOf('ecs', [
    ...['DescribeClusters', 'DescribeServices', 'DescribeTaskDefinition', 'ListTasks'],
    ...['DescribeTasks', 'RegisterTaskDefinition', 'TagResource', 'UpdateService'],
    ...['ListClusters', 'ListTaskDefinitions', 'DeregisterTaskDefinition'],
    ...['ListServiceDeployments', 'DescribeServiceDeployments', 'DescribeServiceRevisions'],
    'ContinueServiceDeployment',
  ]),
  'logs:GetLogEvents',
  ...actionsOf('elasticloadbalancing', [
    ...['DescribeTargetHealth', 'DescribeTargetGroupAttributes'],
  ]),
]

function actionsOf(service: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${service}:${name}`)
}
