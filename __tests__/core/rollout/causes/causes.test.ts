import { describe, expect, it } from '@jest/globals'

import { findCause } from '../../../../src/core/rollout/causes/causes.ts'

describe('the causes of stopped tasks and of events', () => {
  it.each<[string, string]>([
    [
      'pull-denied',
      'CannotPullContainerError: The task can’t pull the image. Check that the role has the permissions to pull images from the registry. Error response from daemon: pull access denied: denied: User: arn:aws:sts::1:assumed-role/x is not authorized to perform: ecr:BatchGetImage on resource',
    ],
    [
      'image-missing',
      'CannotPullContainerError: The task can’t pull the image. Check whether the image exists. Error: denied: requested access to the resource is denied',
    ],
    [
      'registry-unreachable',
      "The task cannot pull 'I' from the Amazon ECR repository 'U'. There is a connection issue between the task and Amazon ECR. Check your task network configuration.",
    ],
    [
      'registry-unreachable',
      'CannotPullContainerError: net/http: request canceled while waiting for connection',
    ],
    [
      'image-missing',
      'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref 1.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:1: not found',
    ],
    [
      'platform-missing-in-image',
      "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'",
    ],
    [
      'layer-download-failed',
      'CannotPullContainerError: ref pull has been retried 1 time(s): failed to copy: httpReaderSeeker: failed open: unexpected status code',
    ],
    [
      'disk-full',
      'CannotPullContainerError: write /var/lib/docker/tmp/GetImageBlob1: no space left on device',
    ],
    ['registry-limit', 'CannotPullContainerError: toomanyrequests: Too Many Requests (HAP429)'],
    [
      'registry-unreachable',
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 1.2.3.4:443: i/o timeout',
    ],
    [
      'secret-unreachable',
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 5 time(s): RequestCanceled: request context canceled caused by: context deadli...',
    ],
    [
      'secret-refused',
      'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException',
    ],
    [
      'log-group-missing',
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
    ],
    ['out-of-memory', 'OutOfMemoryError: Container killed due to memory usage'],
    ['essential-exited', 'Essential container in task exited'],
    ['wrong-architecture', 'exec /usr/local/bin/x: exec format error'],
    [
      'wrong-architecture',
      'standard_init_linux.go:228: exec user process caused: exec format error',
    ],
    [
      'target-unhealthy',
      'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:x)',
    ],
    [
      'target-unhealthy',
      '(service S) (task T) (port 80) is unhealthy in (target-group arn) due to (reason Health checks failed with these codes: [502])',
    ],
    ['container-unhealthy', 'Task failed container health checks'],
    ['network-interface-late', 'Timeout waiting for network interface provisioning to complete.'],
    [
      'capacity-unavailable',
      'service (S) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.',
    ],
    [
      'instances-full',
      '(service S) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance I) has insufficient CPU units available.',
    ],
    ['instances-full', 'RESOURCE:MEMORY'],
    [
      'vcpu-quota',
      'service S was unable to place a task. Reason: You’ve reached the limit on the number of vCPUs you can run concurrently.',
    ],
    ['start-failed', 'CannotStartContainerError: failed to get container status: x'],
    [
      'command-missing',
      'CannotStartContainerError: Error response from daemon: failed to create task for container: exec: "serve": executable file not found in $PATH: unknown',
    ],
    [
      'start-timed-out',
      'ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m: x',
    ],
    [
      'percentages-deadlock',
      '(service S) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    ],
    [
      'tasks-protected',
      '(service S) was unable to scale in. Reason: The number of protected tasks are more than the desired count of tasks',
    ],
    ['tasks-keep-failing', 'service (S) is unable to consistently start tasks successfully.'],
    ['tasks-keep-failing', '(service S) could not launch 2 tasks for deployment D'],
    ['target-group-missing', 'TARGET GROUP IS NOT FOUND'],
    [
      'service-role-broken',
      'IAM trust relationship has been misconfigured or changed, and ECS can no longer maintain your service',
    ],
    ['interrupted', 'Your Spot Task was interrupted.'],
  ])('%s: %s', (id, reason) => {
    const cause = findCause(reason)
    expect(cause?.id).toBe(id)
    expect(cause?.sentence).not.toMatch(/\.$/)
    expect(cause?.remedy).toMatch(/\.$/)
  })

  it('leaves an unknown reason unknown', () => {
    expect(findCause('Something that AWS says since yesterday')).toBeUndefined()
    expect(findCause('')).toBeUndefined()
  })
})
