import { isObject } from '../../wire/json.ts'
import type { Json } from '../../wire/service.ts'
import { everyOne, isAnswer, objectIn, overAll, textIn, type Located, type Rule } from './rule.ts'

const registrations = (exchange: Located): readonly Located[] =>
  isAnswer(exchange, 'ecs', 'RegisterTaskDefinition') ? [exchange] : []

/** Members of the request that are answered beside the definition, or not at all. */
const BESIDE = new Set(['tags'])

export const definitionRules: readonly Rule[] = [
  everyOne(
    'ECS-1',
    'RegisterTaskDefinition keeps every member as it came',
    registrations,
    ({ request, response }) => {
      const given = Object.fromEntries(
        Object.entries(request).filter(([name]) => !BESIDE.has(name)),
      )
      const lost = lostIn(given, objectIn(response, 'taskDefinition'), 'taskDefinition')
      return lost.length === 0 ? undefined : `${lost.join(', ')} came back otherwise`
    },
  ),
  overAll('ECS-2', 'each registration is a new revision of its family', (exchanges) => {
    const answers = exchanges.flatMap(registrations)
    const arns = answers.map(({ response }) =>
      textIn(objectIn(response, 'taskDefinition'), 'taskDefinitionArn'),
    )
    const contradictions = answers.flatMap(({ where }, index) => {
      const arn = arns[index] ?? ''
      return arns.indexOf(arn) === index ? [] : [`${where}: ${arn} was answered before`]
    })
    return { observed: answers.length, contradictions }
  }),
]

/** Paths of `given` whose value `kept` lacks or has otherwise; `kept` may hold more. */
function lostIn(given: Json, kept: Json | undefined, path: string): readonly string[] {
  if (Array.isArray(given)) {
    const list = Array.isArray(kept) ? kept : []
    return given.flatMap((item, index) => lostIn(item, list[index], `${path}[${index}]`))
  }
  if (!isObject(given)) return given === kept || given === null ? [] : [path]
  return Object.entries(given).flatMap(([name, member]) =>
    lostIn(member, isObject(kept) ? kept[name] : undefined, `${path}.${name}`),
  )
}
