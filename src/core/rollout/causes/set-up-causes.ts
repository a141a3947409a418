import { certain, passing, type KnownCause } from './cause.ts'

/**
 * Reasons for which a task gets no secrets, environment files or log: ECS developer guide,
 * "ResourceInitializationError errors"; the texts of KMS are those that Secrets Manager and Systems
 * Manager pass on.
 */
export const initialisationCauses: readonly KnownCause[] = [
  certain(
    'role-not-assumable',
    /unable to assume (the role|role|the configured ECS Infrastructure Role)/i,
    'ECS may not assume a role of the task',
    'Let ecs-tasks.amazonaws.com (infrastructure role: ecs.amazonaws.com) assume the role in its trust policy, and check that the role exists.',
  ),
  certain(
    'log-group-missing',
    /log group does not exist/i,
    'the log group of a container does not exist',
    'Create the log group, or set awslogs-create-group to "true" and allow logs:CreateLogGroup.',
  ),
  passing(
    'logs-unreachable',
    /connection issue between the task and Amazon CloudWatch|failed to (validate logger args|create Cloudwatch log stream).*(i\/o timeout|dial tcp|signal: killed|RequestCanceled|send request failed)/is,
    'the task cannot reach CloudWatch Logs over the network',
    'Give the subnets a NAT gateway, a public IP, or a VPC endpoint for logs.',
  ),
  certain(
    'logging-refused',
    /failed to validate logger args|failed to create Cloudwatch log stream|failed to initialize logging driver/i,
    'the log driver of a container could not be started',
    'Check logConfiguration, and allow logs:CreateLogStream and logs:PutLogEvents for executionRoleArn.',
  ),
  certain(
    'secret-key-refused',
    /Access to KMS is not allowed|not authorized to perform: kms:|ciphertext refers to a customer master key/i,
    'the execution role may not decrypt a secret with its KMS key',
    'Allow kms:Decrypt on the key for executionRoleArn, in the key policy, too, if the key is of another account.',
  ),
  certain(
    'secret-member-missing',
    /did not contain json key/i,
    'a secret has no member of the name that valueFrom asks for',
    'Correct the JSON key in valueFrom, or add the member to the secret.',
  ),
  certain(
    'secret-refused',
    /((unable to (pull secrets|retrieve secrets?)).*(AccessDenied|not authorized|ResourceNotFound|invalid ssm parameters|ParameterNotFound))|Check whether the secret exists/is,
    'a secret of a container is missing, or the execution role may not read it',
    "Check the secrets' valueFrom, and allow secretsmanager:GetSecretValue or ssm:GetParameters (and kms:Decrypt) for executionRoleArn.",
  ),
  passing(
    'secret-unreachable',
    /unable to (retrieve secrets?|pull secrets)|cannot pull secrets from AWS Systems Manager/i,
    'the secrets of a container could not be fetched in time',
    'Check that the subnets reach Secrets Manager and Systems Manager (NAT gateway or VPC endpoints).',
  ),
  certain(
    'env-file-refused',
    /failed to download env files.*(Forbidden|AccessDenied|NotFound|NoSuch|not found)/is,
    'an environment file is missing in S3, or the execution role may not read it',
    'Check environmentFiles, and allow s3:GetObject and s3:GetBucketLocation for executionRoleArn.',
  ),
  passing(
    'env-file-unreachable',
    /failed to download env files/i,
    'an environment file could not be fetched from S3',
    'Check that the subnets reach S3 (gateway endpoint or NAT gateway).',
  ),
]

/** Reasons for which a task gets no volume or network: the same page, and "TaskFailedToStart errors". */
export const attachmentCauses: readonly KnownCause[] = [
  certain(
    'efs-unknown',
    /EFS volumes.*Failed to resolve/is,
    'the EFS file system has no address in the VPC of the task',
    "Check the file system's id, give it a mount target in the task's availability zones, and switch DNS hostnames on in the VPC.",
  ),
  certain(
    'efs-denied',
    /EFS volumes.*(access denied|AccessDenied)/is,
    'the EFS file system does not let the task mount it',
    "Allow elasticfilesystem:ClientMount in the file system's policy and for taskRoleArn, and check the access point.",
  ),
  passing(
    'efs-unreachable',
    /EFS volumes.*(time(d )?out|timeout|Connection reset|mount\.nfs4)/is,
    'the task cannot reach the EFS file system over the network',
    "Let the task's security group in at TCP port 2049 of the mount target.",
  ),
  passing(
    'efs-failed',
    /EFS (utils|volumes)/i,
    'an EFS volume could not be mounted',
    'See the reason; check the file system, its mount targets and the access point.',
  ),
  passing(
    'volume-failed',
    /CannotCreateVolumeError|EBS volume/i,
    'a volume of the task could not be made',
    'See the reason; check volumes of the task definition, and the infrastructure role for EBS.',
  ),
  passing(
    'subnet-full',
    /InsufficientFreeAddressesInSubnet|(insufficient|not enough) free addresses/i,
    'a subnet of the service has no free address',
    'Give the service larger or further subnets; a rolling update needs addresses for old and new tasks.',
  ),
  certain(
    'network-settings-missing',
    /InvalidSubnetID\.NotFound|InvalidGroup\.NotFound|InvalidSecurityGroupID\.NotFound/i,
    'a subnet or security group of the service does not exist any more',
    'Correct networkConfiguration of the service.',
  ),
  passing(
    'network-interface-limit',
    /Unable to attach network interface to unused device index|NetworkInterfaceLimitExceeded/i,
    'there is no network interface left for the task',
    'Use larger instances or awsvpcTrunking; on Fargate raise the quota of network interfaces per region.',
  ),
  passing(
    'network-interface-late',
    /Timeout waiting for network interface provisioning/i,
    'AWS did not attach the network interface in time',
    'Try again; if it stays, check free addresses in the subnets and the ENI limits.',
  ),
  passing(
    'network-interface-failed',
    /Unexpected EC2 error while attempting to Create Network Interface/i,
    'AWS could not make the network interface of the task',
    'See the reason; check free addresses in the subnets, and the security groups.',
  ),
  passing(
    'initialisation-failed',
    /ResourceInitializationError/i,
    'the task could not be set up',
    'See the reason; network, secrets, logging and volumes are set up at this point.',
  ),
  passing(
    'aws-internal',
    /InternalError/,
    'AWS failed to set the task up',
    'Nothing to do: ECS starts another task; ask AWS Support if it stays.',
  ),
]
