import { describePlace, oneLine, type EcsFault } from './ecs-fault.ts'

/** ECS's answers about clusters and services. */
export const serviceFaults: readonly EcsFault[] = [
  {
    matches: ({ code }) => code === 'ClusterNotFoundException',
    code: 'cluster-not-found',
    message: (_failure, where) => `there is no such cluster: ${where}`,
    remedy: (_failure, { region }) =>
      `Correct \`cluster\` or \`aws-region\`; \`aws ecs list-clusters --region ${region}\` lists them.`,
  },
  {
    matches: ({ code }) => code === 'ServiceNotFoundException',
    code: 'service-not-found',
    message: (_failure, where) => `there is no such service: ${where}`,
    remedy: (_failure, { region, cluster }) =>
      `Correct \`service\`, \`cluster\` or \`aws-region\`; \`aws ecs list-services --cluster ${cluster ?? 'default'} --region ${region}\` lists them.`,
  },
  {
    matches: ({ code }) => code === 'ServiceNotActiveException',
    code: 'service-inactive',
    message: (_failure, where) => `${where} is not active`,
    remedy: () => 'Create the service again: one that is draining or deleted takes no deployments.',
  },
  {
    matches: ({ message }) => /CODE_DEPLOY deployment controller/.test(message),
    code: 'service-unsupported',
    message: (_failure, where) => `${where} is deployed by CodeDeploy`,
    remedy: () =>
      'Deploy it with CodeDeploy, or change its deployment controller to ECS; this action does not drive CodeDeploy yet.',
  },
  {
    matches: ({ message }) => /TaskDefinition is inactive/i.test(message),
    code: 'update-refused',
    message: (_failure, where) => `the task definition for ${where} is deregistered`,
    remedy: () =>
      'Register its content again: give it as a file, and never deregister a revision that runs.',
  },
  {
    matches: ({ code }) =>
      code === 'PlatformUnknownException' ||
      code === 'PlatformTaskDefinitionIncompatibilityException',
    code: 'update-refused',
    message: (failure, where) =>
      `the platform version of ${where} does not fit the task definition: ${oneLine(failure)}`,
    remedy: () => 'Set platformVersion of the service to LATEST, or drop the newer features.',
  },
  {
    matches: ({ message }) => /validate the specified targetGroupArn/.test(message),
    code: 'update-refused',
    message: (failure, where) =>
      `ECS may not see the target group of ${where}: ${oneLine(failure)}`,
    remedy: () =>
      'Check that the target group exists and that the service role may describe it; if the role is new, run the job again.',
  },
  {
    matches: ({ message }) => /did not have a container port/.test(message),
    code: 'update-refused',
    message: (failure, where) =>
      `the load balancer of ${where} needs a port that the task definition lacks: ${oneLine(failure)}`,
    remedy: () => 'Keep name and containerPort of the container that the load balancer sends to.',
  },
  {
    matches: ({ message }) => /you must force a new deployment/.test(message),
    code: 'update-refused',
    message: (_failure, where) =>
      `ECS changes the capacity provider strategy of ${where} only with a forced deployment`,
    remedy: () => 'Add `force-new-deployment: true`.',
  },
  {
    matches: ({ code }) =>
      code === 'UnsupportedFeatureException' || code === 'NamespaceNotFoundException',
    code: 'update-refused',
    message: (failure, where) => `ECS cannot update ${where}: ${oneLine(failure)}`,
    remedy: () => 'Correct the service as ECS says.',
  },
  {
    matches: ({ operation, code }) =>
      operation === 'UpdateService' &&
      ['ClientException', 'InvalidParameterException'].includes(code),
    code: 'update-refused',
    message: (failure, where) => `ECS refuses to update ${where}: ${oneLine(failure)}`,
    remedy: (_failure, place) => `Correct what ECS names; ${describePlace(place)} was not changed.`,
  },
]
