import { epochSeconds, isObject, parseJson } from '../../wire/json.ts'
import { stringMember } from '../../wire/members.ts'
import { ServiceError, type Json, type JsonObject } from '../../wire/service.ts'
import { invalidParameter } from '../store/refusals.ts'
import type { Registry } from '../store/registry.ts'
import type { Repository } from '../store/repository.ts'
import type { EcrOperations } from './operation.ts'
import { named, required, targetRepository } from './target.ts'

/** Operations on lifecycle policies. They are kept and checked; nothing expires by itself. */
export const lifecyclePolicyOperations: EcrOperations = {
  PutLifecyclePolicy: (registry, input) => {
    const repository = targetRepository(registry, input)
    const text = checkedLifecyclePolicy(required(input, 'lifecyclePolicyText'))
    repository.settings = { ...repository.settings, lifecyclePolicy: text }
    return { ...named(registry, repository), lifecyclePolicyText: text }
  },
  GetLifecyclePolicy: (registry, input) => {
    const repository = targetRepository(registry, input)
    return policyJson(registry, repository)
  },
  DeleteLifecyclePolicy: (registry, input) => {
    const repository = targetRepository(registry, input)
    const answer = policyJson(registry, repository)
    repository.settings = { ...repository.settings, lifecyclePolicy: undefined }
    return answer
  },
}

function policyJson(registry: Registry, repository: Repository): JsonObject {
  const text = repository.settings.lifecyclePolicy
  if (text === undefined) {
    throw new ServiceError(
      'LifecyclePolicyNotFoundException',
      `Lifecycle policy does not exist for the repository with name '${repository.name}' in the ` +
        `registry with id '${registry.id}'`,
    )
  }
  return {
    ...named(registry, repository),
    lifecyclePolicyText: text,
    lastEvaluatedAt: epochSeconds(registry.clock.now()),
  }
}

/** The text, if ECR would keep it. @throws InvalidParameterException */
export function checkedLifecyclePolicy(text: string): string {
  const policy = readJson(text)
  const rules = isObject(policy) ? policy['rules'] : undefined
  if (!Array.isArray(rules) || rules.length === 0) throw invalid('Could not map policyString')
  const priorities = new Set<Json | undefined>()
  for (const rule of rules) {
    if (!isObject(rule)) throw invalid('Could not map policyString')
    const { rulePriority, selection, action } = rule
    if (typeof rulePriority !== 'number' || rulePriority < 1) {
      throw invalid("'rulePriority' must be an integer of at least 1")
    }
    if (priorities.has(rulePriority)) throw invalid('Rule priorities must be unique')
    priorities.add(rulePriority)
    checkSelection(selection)
    const type = isObject(action) ? action['type'] : undefined
    if (type !== 'expire' && type !== 'transition') throw invalid("'type' must be 'expire'")
  }
  return text
}

function checkSelection(selection: Json | undefined): void {
  if (!isObject(selection)) throw invalid("'selection' is missing")
  const { tagStatus, countType, countNumber } = selection
  if (tagStatus !== 'tagged' && tagStatus !== 'untagged' && tagStatus !== 'any') {
    throw invalid("'tagStatus' must be 'tagged', 'untagged' or 'any'")
  }
  const patterns = selection['tagPrefixList'] ?? selection['tagPatternList']
  if (tagStatus === 'tagged' && (!Array.isArray(patterns) || patterns.length === 0)) {
    throw invalid('Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.')
  }
  if (typeof countType !== 'string' || typeof countNumber !== 'number' || countNumber < 1) {
    throw invalid("'countType' and 'countNumber' are required")
  }
}

function readJson(text: string): Json {
  try {
    return parseJson(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw invalid('Could not map policyString')
  }
}

function invalid(reason: string): ServiceError {
  const shown = reason.startsWith('Could not') ? `${reason} into LifecyclePolicy.` : reason
  return invalidParameter('LifecyclePolicyText', `Lifecycle policy validation failure: ${shown}`)
}

/** The lifecycle policy that an input gives, if any, checked. */
export function lifecyclePolicyOf(input: JsonObject, member: string): string | undefined {
  const text = stringMember(input, member)
  return text === undefined ? undefined : checkedLifecyclePolicy(text)
}
