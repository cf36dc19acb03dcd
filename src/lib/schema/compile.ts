import { withObjectMeta } from './cel-values.ts'
import { compileExpression } from './cel.ts'
import type { Reason } from './cause.ts'
import { fieldPathOf } from './field-path.ts'
import { formatThatCounts } from './formats.ts'
import { patternOf } from './pattern.ts'
import { child } from './path.ts'
import type { Rule } from './rule.ts'
import { isFields, type Fields, type Limits, type ListType, type Structural } from './structural.ts'

/** What of a schema cannot be evaluated here, each with the path it stands at. */
export class Uncompilable extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`the schema cannot be evaluated:\n${problems.join('\n')}`)
    this.problems = problems
  }
}

/**
 * Compiles an openAPIV3Schema. Throws `Uncompilable` with everything that cannot be evaluated exactly as the API server
 * would: it is better to have no answer than a wrong one.
 */
export function compileSchema(schema: unknown): Structural {
  const problems: string[] = []
  const node = compileNode(schema, '', problems)
  if (problems.length > 0) throw new Uncompilable(problems)
  return node
}

/** What a node may have, and what its value has to be. */
const KEYWORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: isText,
  description: isText,
  title: isText,
  example: () => true,
  externalDocs: () => true,
  default: () => true,
  nullable: isTruth,
  properties: isFields,
  additionalProperties: value => isFields(value) || value === true,
  items: isFields,
  required: isTexts,
  enum: Array.isArray,
  format: isText,
  pattern: isText,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isTruth,
  exclusiveMaximum: isTruth,
  multipleOf: isNumber,
  minLength: isNumber,
  maxLength: isNumber,
  minItems: isNumber,
  maxItems: isNumber,
  minProperties: isNumber,
  maxProperties: isNumber,
  'x-kubernetes-int-or-string': isTruth,
  'x-kubernetes-preserve-unknown-fields': isTruth,
  'x-kubernetes-embedded-resource': isTruth,
  'x-kubernetes-list-type': value => ['atomic', 'set', 'map'].includes(value as string),
  'x-kubernetes-list-map-keys': isTexts,
  'x-kubernetes-map-type': isText,
  'x-kubernetes-validations': Array.isArray,
}

const LIMITS: readonly (keyof Limits)[] = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
]

const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean']

function isText(value: unknown): boolean {
  return typeof value === 'string'
}
function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}
function isNumber(value: unknown): boolean {
  return typeof value === 'number'
}
function isTruth(value: unknown): boolean {
  return typeof value === 'boolean'
}

function compileNode(schema: unknown, path: string, problems: string[]): Structural {
  const problem = (says: string): void => void problems.push(`${path || 'the schema'}: ${says}`)
  const raw = isFields(schema) ? schema : {}
  if (!isFields(schema)) problem('is no schema')
  for (const [keyword, value] of Object.entries(raw))
    if (!Object.hasOwn(KEYWORDS, keyword)) problem(`"${keyword}" is not known here`)
    else if (!KEYWORDS[keyword]!(value)) problem(`"${keyword}" cannot be ${JSON.stringify(value)}`)
  const node = plainNode(raw, path, problems)
  const { type, intOrString, preserveUnknown } = node
  if (!TYPES.includes(type) && (type || !(intOrString || preserveUnknown)))
    problem(`"type" has to be one of ${TYPES.join(', ')}`)
  return { ...node, rules: rulesOf(raw, node, path === '', problem) }
}

function plainNode(raw: Fields, path: string, problems: string[]): Structural {
  const nodeAt = (value: unknown, at: string): Structural => compileNode(value, at, problems)
  const {
    properties,
    additionalProperties: additional,
    items,
    format = '',
    pattern,
    type = '',
  } = raw as Raw
  const counts = formatThatCounts(type, format)
  if (counts === undefined) problems.push(`${path}: format "${format}" cannot be checked here`)
  return {
    type,
    nullable: raw['nullable'] === true,
    intOrString: raw['x-kubernetes-int-or-string'] === true,
    preserveUnknown: raw['x-kubernetes-preserve-unknown-fields'] === true,
    embedded: raw['x-kubernetes-embedded-resource'] === true,
    properties: isFields(properties)
      ? new Map(
          Object.entries(properties).map(([name, value]) => [
            name,
            nodeAt(value, child(path, name)),
          ]),
        )
      : undefined,
    additional: isFields(additional) ? nodeAt(additional, `${path}[]`) : additional,
    items: items === undefined ? undefined : nodeAt(items, `${path}[]`),
    required: (raw['required'] ?? []) as string[],
    default: raw['default'] ?? undefined,
    enum: (raw['enum'] ?? []) as unknown[],
    format: counts ?? '',
    pattern: compiledPattern(pattern, path, problems),
    limits: Object.fromEntries(
      Object.entries(raw).filter(([keyword]) => LIMITS.includes(keyword as keyof Limits)),
    ),
    listType: (raw['x-kubernetes-list-type'] ?? 'atomic') as ListType,
    listMapKeys: (raw['x-kubernetes-list-map-keys'] ?? []) as string[],
    rules: [],
  }
}

interface Raw {
  properties?: Fields
  additionalProperties?: Fields | true
  items?: unknown
  format?: string
  pattern?: string
  type?: string
}

function compiledPattern(source: string | undefined, path: string, problems: string[]) {
  if (!source) return undefined
  try {
    return patternOf(source)
  } catch (error) {
    problems.push(`${path}: pattern ${JSON.stringify(source)}: ${(error as Error).message}`)
    return undefined
  }
}

interface RawRule {
  rule?: unknown
  message?: unknown
  messageExpression?: unknown
  fieldPath?: unknown
  reason?: unknown
  optionalOldSelf?: unknown
}

const REASONS: readonly unknown[] = [
  'FieldValueInvalid',
  'FieldValueForbidden',
  'FieldValueRequired',
  'FieldValueDuplicate',
] satisfies Reason[]

function rulesOf(
  raw: Fields,
  node: Structural,
  isRoot: boolean,
  problem: (says: string) => void,
): Rule[] {
  const rules = (raw['x-kubernetes-validations'] ?? []) as RawRule[]
  const self = isRoot || node.embedded ? withObjectMeta(node) : node
  return rules.flatMap(rule => {
    try {
      return [ruleOf(rule, self)]
    } catch (error) {
      problem(`rule ${JSON.stringify(rule.rule)}: ${(error as Error).message}`)
      return []
    }
  })
}

function ruleOf(raw: RawRule, self: Structural): Rule {
  const { rule, message = '', messageExpression = '', fieldPath = '' } = raw
  const { reason = 'FieldValueInvalid', optionalOldSelf = false } = raw
  for (const [name, value] of Object.entries({ rule, message, messageExpression, fieldPath }))
    if (typeof value !== 'string') throw new Error(`${name} has to be a string`)
  if (!REASONS.includes(reason)) throw new Error(`reason "${String(reason)}" is not known`)
  const { evaluate, usesOldSelf } = compileExpression(rule as string, self)
  return {
    source: rule as string,
    expression: evaluate,
    usesOldSelf,
    optionalOldSelf: optionalOldSelf === true,
    message: message as string,
    messageExpression: messageExpression
      ? compileExpression(messageExpression as string, self).evaluate
      : undefined,
    fieldPath: fieldPath ? fieldPathOf(fieldPath as string, self) : '',
    reason: reason as Reason,
  }
}
