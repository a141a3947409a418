import type { TaskTarget } from '../ecs/targets.ts'
import { isObject } from '../wire/json.ts'
import { stringMember } from '../wire/members.ts'
import type { QueryService } from '../wire/query-service.ts'
import { ServiceError, type JsonObject } from '../wire/service.ts'
import { healthOf, notRegistered } from './target-state.ts'

/** What Elastic Load Balancing knows, by ECS's word. */
export interface TargetSource {
  /** Undefined where nobody uses the group. */
  targets(targetGroupArn: string): readonly TaskTarget[] | undefined
  readonly deregistrationDelaySeconds: number
}

/** Elastic Load Balancing as far as a deploy reads it: the health and attributes of target groups. */
export class Elbv2 implements QueryService {
  readonly signingName = 'elasticloadbalancing'
  readonly version = '2015-12-01'
  readonly namespace = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/'
  readonly anonymous = {}
  readonly #source: TargetSource

  constructor(source: TargetSource) {
    this.#source = source
  }

  readonly operations = {
    DescribeTargetHealth: (input: JsonObject): JsonObject => this.#describeHealth(input),
    DescribeTargetGroupAttributes: (input: JsonObject): JsonObject => {
      this.#targets(input)
      const seconds = String(this.#source.deregistrationDelaySeconds)
      return {
        Attributes: Object.entries({ ...defaults, [delay]: seconds }).map(([Key, Value]) => ({
          ...{ Key, Value },
        })),
      }
    },
  }

  loggable(input: JsonObject): JsonObject {
    return input
  }

  #describeHealth(input: JsonObject): JsonObject {
    const targets = this.#targets(input)
    const asked = input['Targets']
    const shown = Array.isArray(asked)
      ? asked.filter(isObject).map((one) => find(targets, one))
      : targets.map(healthOf)
    return { TargetHealthDescriptions: shown }
  }

  #targets(input: JsonObject): readonly TaskTarget[] {
    const arn = stringMember(input, 'TargetGroupArn')
    if (arn === undefined) {
      throw new ServiceError('ValidationError', 'A target group ARN must be specified')
    }
    const targets = this.#source.targets(arn)
    if (targets !== undefined) return targets
    throw new ServiceError('TargetGroupNotFound', 'One or more target groups not found')
  }
}

const delay = 'deregistration_delay.timeout_seconds'
/** Of the attributes of an Application Load Balancer's target group, with their defaults. */
const defaults = {
  'stickiness.enabled': 'false',
  'slow_start.duration_seconds': '0',
  'load_balancing.algorithm.type': 'round_robin',
}

/** Values of a form are text. */
function find(targets: readonly TaskTarget[], asked: JsonObject): JsonObject {
  const id = stringMember(asked, 'Id') ?? ''
  const port = stringMember(asked, 'Port')
  const found = targets.find(
    (target) => target.address === id && (port === undefined || String(target.port) === port),
  )
  return found === undefined ? notRegistered(id, port) : healthOf(found)
}
