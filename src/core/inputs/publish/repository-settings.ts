import { closest, distance } from 'fastest-levenshtein'

import {
  encryptionTypes,
  type EncryptionType,
  type RepositorySettings,
} from '../../image/repository/repository-settings.ts'
import type { TagMutability } from '../../image/repository/tag-mutability.ts'
import { isJsonObject, parseJsonObject, type Json, type JsonObject } from '../../json.ts'
import { readObject } from '../deploy/objects.ts'
import type { InputReader } from '../reader.ts'

const input = 'repository-settings'
const mutabilities = [
  ...['IMMUTABLE', 'MUTABLE', 'IMMUTABLE_WITH_EXCLUSION', 'MUTABLE_WITH_EXCLUSION'],
]
const members = [
  ...['tag-mutability', 'exclusion-filters', 'scan-on-push', 'encryption', 'kms-key'],
  ...['lifecycle-policy', 'repository-policy', 'tags'],
]
/** PutImageTagMutability: five filters of tag characters, each with two wildcards. */
const maxFilters = 5
const filterPattern = /^(?=.{1,128}$)[\w.-]*(\*[\w.-]*){0,2}$/

/**
 * With what `create-repository` makes a repository.
 * @returns undefined where nothing is made.
 */
export function readRepositorySettings(reader: InputReader): RepositorySettings | undefined {
  const given = readObject(reader, input)
  const settings = toSettings(reader, given ?? {})
  return reader.boolean('create-repository') ? settings : undefined
}

/** What is to be said about settings that have no effect. */
export function describeIdleSettings(reader: InputReader): readonly string[] {
  return reader.given(input) && !reader.boolean('create-repository')
    ? [`${input}: has no effect without \`create-repository: true\``]
    : []
}

function toSettings(reader: InputReader, given: JsonObject): RepositorySettings {
  for (const name of Object.keys(given)) {
    if (members.includes(name)) continue
    const nearest = closest(name, members)
    const meant = distance(name, nearest) <= 3 ? `; did you mean "${nearest}"?` : ''
    reader.reject(input, `has the key "${name}", which is not known${meant}`, members.join(', '))
  }
  return {
    mutability: readMutability(reader, given),
    scanOnPush: readFlag(reader, given, 'scan-on-push'),
    encryption: readEncryption(reader, given),
    lifecyclePolicy: readPolicy(reader, given, 'lifecycle-policy'),
    repositoryPolicy: readPolicy(reader, given, 'repository-policy'),
    tags: readTags(reader, given['tags']),
  }
}

function readMutability(reader: InputReader, given: JsonObject): TagMutability | undefined {
  const { 'tag-mutability': tagMutability, 'exclusion-filters': filters } = given
  if (tagMutability === undefined) {
    if (filters !== undefined) reject(reader, 'exclusion-filters needs tag-mutability', filters)
    return undefined
  }
  if (typeof tagMutability !== 'string' || !mutabilities.includes(tagMutability)) {
    reject(reader, `tag-mutability is none of ${mutabilities.join(', ')}`, tagMutability)
    return undefined
  }
  const list = filters === undefined ? [] : Array.isArray(filters) ? filters : [filters]
  const exclusionFilters = list.flatMap((filter: Json) => {
    if (typeof filter === 'string' && filterPattern.test(filter)) return [filter]
    reject(reader, 'exclusion-filters holds what is no tag with at most two *', filter)
    return []
  })
  const excluding = tagMutability.endsWith('_WITH_EXCLUSION')
  if (excluding !== list.length > 0 || list.length > maxFilters) {
    const rule = excluding ? `1 to ${maxFilters} exclusion-filters` : 'no exclusion-filters'
    reject(reader, `tag-mutability ${tagMutability} takes ${rule}`, filters)
  }
  return { tagMutability, exclusionFilters }
}

function readFlag(reader: InputReader, given: JsonObject, name: string): boolean {
  const value = given[name] ?? false
  if (typeof value !== 'boolean') reject(reader, `${name} is neither true nor false`, value)
  return value === true
}

function readEncryption(reader: InputReader, given: JsonObject): RepositorySettings['encryption'] {
  const { encryption = 'AES256', 'kms-key': key } = given
  const type = encryptionTypes.find((each) => each === encryption)
  if (type === undefined) {
    reject(reader, `encryption is none of ${encryptionTypes.join(', ')}`, encryption)
  }
  if (key !== undefined && typeof key !== 'string') reject(reader, 'kms-key is no text', key)
  if (key !== undefined && type === 'AES256') {
    reject(reader, 'kms-key needs `encryption: KMS` or `KMS_DSSE`', key)
  }
  const used: EncryptionType = type ?? 'AES256'
  return { type: used, kmsKey: typeof key === 'string' ? key : undefined }
}

/** A policy as YAML, or as the JSON text that AWS shows. */
function readPolicy(reader: InputReader, given: JsonObject, name: string): string | undefined {
  const value = given[name]
  if (value === undefined) return undefined
  if (isJsonObject(value)) return JSON.stringify(value)
  if (typeof value === 'string' && parseJsonObject(value) !== undefined) return value
  reject(reader, `${name} is no object, and no JSON of one`, undefined)
  return undefined
}

function readTags(reader: InputReader, value: Json | undefined): Readonly<Record<string, string>> {
  if (value === undefined) return {}
  if (!isJsonObject(value)) {
    reject(reader, 'tags is no mapping of keys to values', value)
    return {}
  }
  const tags = Object.entries(value).flatMap(([key, text]): [string, string][] => {
    if (typeof text === 'string') return [[key, text]]
    reject(reader, `the value of tag "${key}" is no text; put it in quotes`, text)
    return []
  })
  return Object.fromEntries(tags)
}

function reject(reader: InputReader, problem: string, value: Json | undefined): void {
  reader.reject(input, problem, value === undefined ? '' : JSON.stringify(value))
}
