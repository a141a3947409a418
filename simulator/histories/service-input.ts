import type { JsonObject } from '../wire/service.ts'
import type { Hook, ServiceSetup, Staged } from './history.ts'

export const cluster = 'prod'
export const service = 'web'
export const alarm = 'web-errors'

/** RegisterTaskDefinition's input: what the service runs before. */
export function definitionOf({ healthCheck }: ServiceSetup): JsonObject {
  const app: JsonObject = {
    name: 'app',
    image: `registry.example.com/web@sha256:${'9'.repeat(64)}`,
    portMappings: [{ containerPort: 80 }],
  }
  if (healthCheck) app['healthCheck'] = { command: ['CMD', 'true'] }
  return {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    containerDefinitions: [app],
  }
}

/** CreateService's input. A staged deployment is what comes after: the first one rolls out. */
export function serviceOf(setup: ServiceSetup): JsonObject {
  const { desiredCount, minimumHealthyPercent, maximumPercent, breaker } = setup
  const configuration: JsonObject = { minimumHealthyPercent, maximumPercent }
  if (breaker !== undefined) {
    const { rollback, resetOnHealthyTask, threshold } = breaker
    configuration['deploymentCircuitBreaker'] = {
      ...{ enable: true, rollback, resetOnHealthyTask },
      thresholdConfiguration: { ...threshold },
    }
  }
  if (setup.alarms !== undefined) {
    const { rollback, bakeTimeMinutes } = setup.alarms
    configuration['alarms'] = { enable: true, rollback, alarmNames: [alarm] }
    configuration['bakeTimeInMinutes'] = bakeTimeMinutes
  }
  if (setup.earlySuccess !== undefined) {
    const { healthyPercent } = setup.earlySuccess
    const sourceServiceRevisionCleanup = 'BLOCKING'
    const enable = true
    configuration['earlySuccessCriteria'] = { enable, healthyPercent, sourceServiceRevisionCleanup }
  }
  const targetGroupArn =
    'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef'
  return {
    ...{ cluster, serviceName: service, taskDefinition: 'web', desiredCount },
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    deploymentConfiguration: configuration,
    ...(setup.loadBalancer !== undefined && {
      loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 80 }],
    }),
  }
}

/** The members of `deploymentConfiguration` that make the next deployment a staged one. */
export function stagedConfiguration(staged: Staged): JsonObject {
  const { strategy, bakeTimeMinutes, step, hooks } = staged
  const configuration: JsonObject = { strategy, bakeTimeInMinutes: bakeTimeMinutes }
  if (strategy === 'LINEAR') {
    const { percent: stepPercent, bakeTimeMinutes: stepBakeTimeInMinutes } = step
    configuration['linearConfiguration'] = { stepPercent, stepBakeTimeInMinutes }
  }
  if (strategy === 'CANARY') {
    const { percent: canaryPercent, bakeTimeMinutes: canaryBakeTimeInMinutes } = step
    configuration['canaryConfiguration'] = { canaryPercent, canaryBakeTimeInMinutes }
  }
  if (hooks.length > 0) configuration['lifecycleHooks'] = hooks.map(hookInput)
  return configuration
}

/** The function of a Lambda hook. */
export const functionArn = ({ stage }: Hook): string =>
  `arn:aws:lambda:us-east-1:123456789012:function:${stage.toLowerCase().replaceAll('_', '-')}`

function hookInput(hook: Hook): JsonObject {
  const lifecycleStages = [hook.stage]
  if (hook.kind === 'lambda') {
    const roleArn = 'arn:aws:iam::123456789012:role/hooks'
    const hookTargetArn = functionArn(hook)
    return { targetType: 'AWS_LAMBDA', hookTargetArn, roleArn, lifecycleStages }
  }
  const { timeout } = hook
  return {
    ...{ targetType: 'PAUSE', lifecycleStages },
    ...(timeout !== undefined && {
      timeoutConfiguration: { timeoutInMinutes: timeout.minutes, action: timeout.action },
    }),
  }
}
