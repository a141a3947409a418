import { certain, passing, type KnownCause } from './cause.ts'

/** Reasons for which an image cannot be pulled. */
export const pullCauses: readonly KnownCause[] = [
  certain(
    'platform-missing-in-image',
    /does not contain descriptor matching platform|no match(ing manifest)? for (platform|\S+\/\S+) in the? ?manifest|cannot be used on this platform/i,
    "the image has no manifest for the tasks' platform",
    'Add the platform to `platforms`, or correct runtimePlatform in the task definition.',
  ),
  passing(
    'registry-limit',
    /toomanyrequests|Too Many Requests|reached your (unauthenticated )?pull rate limit/i,
    'a registry limits how often its images are pulled',
    'Mirror that image to Amazon ECR and name the mirror in the task definition.',
  ),
  passing(
    'registry-unreachable',
    /connection issue between the task and (?!Amazon CloudWatch)|request canceled while waiting for connection|Cannot ?Pull.*(i\/o timeout|dial tcp)|unable to retrieve ecr registry auth.*(i\/o timeout|dial tcp|send request failed)/is,
    'the task cannot reach the registry over the network',
    'Give the subnets a NAT gateway, a public IP, or VPC endpoints for ecr.api, ecr.dkr and S3.',
  ),
  passing(
    'disk-full',
    /no space left on device/i,
    'the disk of the instance, or of the task, is full',
    'Enlarge ephemeralStorage (Fargate) or the instance volume.',
  ),
  passing(
    'layer-download-failed',
    /failed to copy: httpReadSeeker|failed to copy: httpReaderSeeker/i,
    "a layer of the image could not be downloaded from ECR's storage",
    'Check the S3 gateway endpoint of the VPC and its policy.',
  ),
  certain(
    'pull-denied',
    /not authorized to perform: ecr:|Check that the role has the permissions to pull|pull access denied|unable to retrieve ecr registry auth.*AccessDenied/is,
    'the execution role may not pull the image',
    'Allow ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer for executionRoleArn (on EC2: the instance role).',
  ),
  certain(
    'image-missing',
    /Check whether the image exists|manifest unknown|requested access to the resource is denied|pull image manifest has been retried.*(not found|failed to resolve ref)|CannotPull.*not found/is,
    'the image that the task definition names is not in the registry',
    'Check the image reference; a lifecycle policy may have removed it.',
  ),
  certain(
    'reference-invalid',
    /invalid reference format|InvalidParameterException: Invalid parameter at 'imageTag'/i,
    'the image of a container is not a valid reference',
    'Correct `image` in the container definition: no upper case, no blanks, one tag or digest.',
  ),
  certain(
    'layers-mismatch',
    /number of layers and diffIDs don't match/i,
    'the image mixes layers of different compressions, which the container runtime refuses',
    'Build all layers with one compression.',
  ),
  passing(
    'pull-failed',
    /CannotPull/i,
    'a container image could not be pulled',
    'See the reason; check the image reference and the network of the task.',
  ),
]
