/** A token bucket: so many calls at once, and so many more in each second. */
export interface Bucket {
  readonly capacity: number
  readonly refillPerSecond: number
  readonly operations: readonly string[]
}

function bucket(capacity: number, refillPerSecond: number, ...operations: string[]): Bucket {
  return { capacity, refillPerSecond, operations }
}

/** Of the documented tables, the categories with operations that a deploy can call. */
export const BUCKETS: Readonly<Record<string, readonly Bucket[]>> = {
  // Amazon ECS Developer Guide, "Request throttling for the Amazon ECS API"
  ecs: [
    bucket(
      20,
      1,
      'CreateCluster',
      'DeleteCluster',
      'PutClusterCapacityProviders',
      'UpdateCluster',
      'UpdateClusterSettings',
    ),
    bucket(50, 20, 'DescribeClusters', 'ListClusters'),
    bucket(20, 1, 'DeregisterTaskDefinition', 'RegisterTaskDefinition'),
    bucket(50, 20, 'DescribeTaskDefinition', 'ListTaskDefinitions', 'ListTaskDefinitionFamilies'),
    bucket(5, 1, 'DeleteTaskDefinitions'),
    bucket(10, 1, 'CreateCapacityProvider', 'DeleteCapacityProvider', 'UpdateCapacityProvider'),
    bucket(50, 20, 'DescribeCapacityProviders'),
    bucket(20, 10, 'TagResource', 'UntagResource'),
    bucket(50, 20, 'ListTagsForResource'),
    bucket(10, 1, 'DeleteAccountSetting', 'PutAccountSetting', 'PutAccountSettingDefault'),
    bucket(50, 20, 'ListAccountSettings'),
    bucket(100, 40, 'ExecuteCommand', 'RunTask', 'StartTask', 'StopTask'),
    bucket(
      100,
      20,
      'DescribeContainerInstances',
      'DescribeTasks',
      'ListContainerInstances',
      'ListTasks',
    ),
    bucket(50, 5, 'CreateService', 'DeleteService', 'UpdateService'),
    bucket(100, 20, 'DescribeServices', 'ListServices'),
    bucket(50, 20, 'DescribeServiceDeployments', 'ListServiceDeployments'),
    bucket(50, 20, 'DescribeServiceRevisions'),
    bucket(200, 80, 'GetTaskProtection', 'UpdateTaskProtection'),
    bucket(10, 1, 'ListServicesByNamespace'),
  ],
  // Amazon ECR User Guide: the login's bucket from "Troubleshooting Amazon ECR error messages", the
  // rates from "Amazon ECR service quotas", which names no burst beyond one second's worth.
  ecr: [
    bucket(200, 20, 'GetAuthorizationToken'),
    bucket(1000, 1000, 'BatchCheckLayerAvailability'),
    bucket(2000, 2000, 'BatchGetImage'),
    bucket(100, 100, 'CompleteLayerUpload'),
    bucket(3000, 3000, 'GetDownloadUrlForLayer'),
    bucket(100, 100, 'InitiateLayerUpload'),
    bucket(10, 10, 'PutImage'),
    bucket(500, 500, 'UploadLayerPart'),
  ],
}
