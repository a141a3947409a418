import { describe, expect, it } from '@jest/globals'

import { findCause, findLogCause, findTaskCause } from '../../../src/core/rollout/causes/causes.ts'

const setUp = 'ResourceInitializationError: '
const secrets = `${setUp}unable to pull secrets or registry auth: execution resource retrieval failed: `
const placing = '(service web) was unable to place a task. Reason: '

/**
 * Texts that AWS writes, with where they are from. Doc: the ECS developer guide's page of that name.
 * Issue: a public issue or log that quotes it.
 */
const catalogue: readonly (readonly [id: string, text: string, source: string])[] = [
  [
    'platform-missing-in-image',
    'CannotPullContainerError: no matching manifest for linux/arm64/v8 in the manifest list entries',
    'issue: bottlerocket-images-cache#7',
  ],
  [
    'platform-missing-in-image',
    'CannotPullContainerError: image operating system "windows" cannot be used on this platform',
    'moby',
  ],
  [
    'registry-limit',
    'CannotPullContainerError: toomanyrequests: You have reached your unauthenticated pull rate limit.',
    'issue',
  ],
  ['reference-invalid', 'CannotPullContainerError: invalid reference format', 'moby'],
  [
    'layers-mismatch',
    "CannotPullContainerError: failed to register layer: number of layers and diffIDs don't match: 5 != 4",
    'issue',
  ],
  [
    'image-missing',
    'CannotPullContainerError: manifest unknown: Requested image not found',
    'issue: containers-roadmap#1466',
  ],
  [
    'role-not-assumable',
    "(service web) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/x' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.).",
    'issue: boto3#1878',
  ],
  [
    'role-not-assumable',
    'Service deployment rolled back because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable to assume role arn:aws:iam::123456789012:role/Admin',
    'doc: blue/green troubleshooting',
  ],
  [
    'logging-refused',
    `${setUp}failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/x`,
    'issue: minecraft-ondemand#12',
  ],
  [
    'logs-unreachable',
    `${setUp}failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. : signal: killed`,
    'doc: ResourceInitializationError errors',
  ],
  ['logging-refused', `${setUp}failed to initialize logging driver: no such driver`, 'doc'],
  [
    'secret-key-refused',
    `${secrets}unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret x from secrets manager: AccessDeniedException: Access to KMS is not allowed`,
    'issue',
  ],
  [
    'secret-member-missing',
    `${secrets}unable to retrieve secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key PASSWORD`,
    'issue',
  ],
  [
    'secret-refused',
    `${secrets}unable to retrieve secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: /prod/x`,
    'issue',
  ],
  [
    'secret-refused',
    `${setUp}The task can't pull the secret from Secrets Manager. The task can't retrieve the secret with ARN 'x' from Secrets Manager. Check whether the secret exists in the specified Region.`,
    'doc: ResourceInitializationError errors',
  ],
  [
    'secret-unreachable',
    `${setUp}The task cannot pull secrets from AWS Systems Manager Parameter Store. Check your network connection between the task and AWS Systems Manager.`,
    'doc: ResourceInitializationError errors',
  ],
  [
    'env-file-refused',
    `${setUp}failed to download env files: service call has been retried 1 time(s): operation error S3: HeadObject, https response error StatusCode: 403, api error Forbidden: Forbidden.`,
    'issue',
  ],
  [
    'env-file-unreachable',
    `${setUp}failed to download env files: file download command: non-empty error stream: RequestCanceled: request context cancelled caused by: context deadline exceeded`,
    'issue: aws-cdk#12720',
  ],
  [
    'efs-unknown',
    `${setUp}failed to invoke EFS utils commands to set up EFS volumes: stderr: Failed to resolve "fs-1.efs.us-east-1.amazonaws.com" - check that your file system ID is correct, and ensure that the VPC has an EFS mount target for this file system ID.`,
    'issue',
  ],
  [
    'efs-denied',
    `${setUp}failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server while mounting 127.0.0.1:/'`,
    'issue',
  ],
  [
    'efs-unreachable',
    `${setUp}failed to invoke EFS utils commands to set up EFS volumes: stderr: Mount attempt 1/3 failed due to timeout after 15 sec, wait 0 sec before next attempt.`,
    'issue',
  ],
  [
    'efs-failed',
    `${setUp}failed to invoke EFS utils commands to set up EFS volumes: command not found`,
    'doc: ResourceInitializationError errors',
  ],
  ['volume-failed', 'CannotCreateVolumeError: x', 'doc: stopped task error codes'],
  [
    'subnet-full',
    "Unexpected EC2 error while attempting to Create Network Interface in subnet '': InsufficientFreeAddressesInSubnet",
    'issue',
  ],
  [
    'network-interface-failed',
    "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-1'",
    'doc: TaskFailedToStart errors',
  ],
  [
    'network-interface-limit',
    'Unable to attach network interface to unused device index',
    'doc: TaskFailedToStart errors',
  ],
  [
    'compute-incompatible',
    'The selected task definition is not compatible with the selected compute strategy.',
    'doc: TaskFailedToStart errors',
  ],
  ['aws-internal', 'InternalError: The task could not be provisioned.', 'doc: TaskFailedToStart'],
  ['initialisation-failed', `${setUp}something of tomorrow`, 'doc'],
  ['agent-disconnected', 'AGENT', 'doc: TaskFailedToStart errors'],
  [
    'agent-disconnected',
    '(service web) was unable to place a task because no container instance: encountered error "AGENT".',
    'doc: service event messages',
  ],
  ['instances-full', 'RESOURCE:ENI', 'doc: API failure reasons'],
  [
    'provisioning-limit',
    `${placing}The tasks provisioning capacity limit was exceeded.`,
    'doc: service event messages',
  ],
  [
    'task-quota',
    `${placing}You've reached the limit on the number of tasks you can run concurrently`,
    'doc: Fargate quotas',
  ],
  ['account-blocked', `${placing}Your account is currently blocked.`, 'issue'],
  [
    'balancer-throttled',
    '(service web) operations are being throttled on elb. Will try again later.',
    'doc: service event messages',
  ],
  [
    'balancer-refused',
    'service web failed to register targets in target-group web with (error User: x is not authorized to perform: elasticloadbalancing:RegisterTargets on resource: y)',
    'doc: blue/green troubleshooting',
  ],
  [
    'networking-invalid',
    'Service deployment rolled back because of invalid networking configuration: Target group x is not associated with either productionListenerRule or testListenerRule.',
    'doc: blue/green troubleshooting',
  ],
  [
    'hook-failed',
    'Service deployment rolled back because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target arn:aws:lambda:us-west-2:123456789012:function:myHook returned FAILED status.',
    'doc: blue/green troubleshooting',
  ],
  [
    'memory-too-small',
    'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: OCI runtime create failed: container init was OOM-killed (memory limit too low?): unknown',
    'issue: runc',
  ],
  [
    'port-taken',
    'CannotStartContainerError: Error response from daemon: driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated',
    'issue',
  ],
  [
    'mount-missing',
    'CannotCreateContainerError: Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /x',
    'moby',
  ],
  [
    'start-timed-out',
    'DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s',
    'issue: amazon-ecs-agent',
  ],
  [
    'runtime-failed',
    'CannotInspectContainerError: Could not transition to inspecting',
    'doc: stopped task error codes',
  ],
  [
    'interrupted',
    'ECS is performing maintenance on the underlying infrastructure hosting the task.',
    'issue',
  ],
  ['interrupted', 'Host EC2 (instance i-1) terminated.', 'issue'],
]

describe('the catalogue of causes', () => {
  it.each(catalogue)('%s: %s (%s)', (id, text) => {
    const cause = findCause(text)
    expect(cause?.id).toBe(id)
    expect(cause?.sentence).toMatch(/^[^.]+[^.]$/)
    expect(cause?.remedy).toMatch(/^[A-Z].*\.$/)
  })

  it.each([
    [0, 'exit-ended'],
    [1, 'exit-failed'],
    [126, 'exit-not-executable'],
    [127, 'exit-not-found'],
    [134, 'exit-aborted'],
    [137, 'exit-killed'],
    [139, 'exit-crashed'],
    [143, 'exit-terminated'],
    [255, 'exit-failed'],
  ])('an essential container that exits with %i is %s', (exitCode, id) => {
    expect(findTaskCause('Essential container in task exited', exitCode)?.id).toBe(id)
  })

  it('names the signal behind an exit code that has no sentence of its own', () => {
    const cause = findTaskCause('Essential container in task exited', 136)
    expect(cause?.sentence).toBe('an essential container ended by itself (signal 8, exit code 136)')
  })

  it('lets the reason speak before the exit code', () => {
    const memory = 'Essential container in task exited; OutOfMemoryError: Container killed'
    expect(findTaskCause(memory, 137)?.id).toBe('out-of-memory')
    expect(findTaskCause('Task failed container health checks', 137)?.id).toBe(
      'container-unhealthy',
    )
    expect(findTaskCause('said since yesterday', 137)).toBeUndefined()
  })

  it.each([
    ['wrong-architecture', 'exec /usr/local/bin/x: exec format error'],
    [
      'wrong-architecture',
      'standard_init_linux.go:228: exec user process caused: exec format error',
    ],
    ['command-missing', 'exec /app/start.sh: no such file or directory'],
    ['command-missing', 'exec: "serve": executable file not found in $PATH'],
  ])('%s is read from what a runtime writes into the log: %s', (id, line) => {
    expect(findLogCause(['before', line, 'after'])?.id).toBe(id)
  })

  it('believes no line that the program wrote', () => {
    const lines = ['my exec format error', 'CannotPullContainerError: x', 'exec /x: fine']
    expect(findLogCause(lines)).toBeUndefined()
  })
})
