import { duplicate, forbidden, invalid, OMITTED, required, type Cause } from './cause.ts'
import type { Outcome } from './cel.ts'
import { celOptional, celSelf } from './cel-values.ts'
import { byKey, counterpartIn, type Correlation } from './correlation.ts'
import { child, keyed } from './path.ts'
import type { Rule } from './rule.ts'
import { isFields, type Fields, type Structural } from './structural.ts'

/** What a rule is asked about, and what it was before. */
interface Subject {
  readonly value: unknown
  /** `undefined` where there is nothing to compare with. */
  readonly old: unknown
  readonly node: Structural
  readonly path: string
  /** Beside the value it replaces; `parent` counts where the value itself has no counterpart. */
  readonly correlation: Correlation | undefined
  readonly parent: Correlation | undefined
}

/** What the rules of a schema (x-kubernetes-validations) say against an object that its types do not speak against. */
export const ruleCauses = (
  value: unknown,
  node: Structural,
  old?: unknown,
  correlation?: Correlation,
): Cause[] => causesOf({ value, old, node, path: '', correlation, parent: undefined })

function causesOf(subject: Subject): Cause[] {
  const { value, node } = subject
  if (value === null) return []
  return [
    ...(node.rules.length > 0 ? ownCauses(subject) : []),
    ...(Array.isArray(value) ? itemCauses(subject, value) : []),
    ...(isFields(value) ? fieldCauses(subject, value) : []),
  ]
}

function itemCauses(subject: Subject, value: readonly unknown[]): Cause[] {
  const { old, node, path, correlation, parent } = subject
  const { items, listMapKeys } = node
  if (!items) return []
  const oldItems =
    Array.isArray(old) && node.listType === 'map'
      ? byKey(old, listMapKeys)
      : new Map<string, Fields>()
  return value.flatMap((item, index) =>
    causesOf({
      value: item,
      old: counterpartIn(oldItems, item, listMapKeys),
      node: items,
      path: keyed(path, index),
      correlation: correlation?.item(index),
      parent: correlation ?? parent,
    }),
  )
}

function fieldCauses(subject: Subject, value: Fields): Cause[] {
  const { old, node, path, correlation, parent } = subject
  return Object.entries(value).flatMap(([name, field]) => {
    const property = node.properties?.get(name)
    const schema = property ?? node.additional
    if (!schema || schema === true) return []
    // What an object is, is never old.
    const isType = correlation && !parent && (name === 'apiVersion' || name === 'kind')
    return causesOf({
      value: field,
      old: isFields(old) && Object.hasOwn(old, name) ? old[name] : undefined,
      node: schema,
      path: property ? child(path, name) : keyed(path, name),
      correlation: isType ? undefined : correlation?.field(name),
      parent: isType ? undefined : (correlation ?? parent),
    })
  })
}

function ownCauses(subject: Subject): Cause[] {
  const { value, node, path, correlation, parent } = subject
  const old = subject.old ?? undefined
  const isRoot = path === '' || node.embedded
  const self = celSelf(value, node, isRoot)
  const oldSelf = old === undefined ? undefined : celSelf(old, node, isRoot)
  const bindings = { self, ...(oldSelf !== undefined && { oldSelf }) }
  const unchanged = (correlation ?? parent)?.unchanged ?? false
  return node.rules.flatMap(rule => {
    if (rule.usesOldSelf && oldSelf === undefined && !rule.optionalOldSelf) return []
    const outcome = rule.expression(
      rule.optionalOldSelf ? { self, oldSelf: celOptional(oldSelf) } : bindings,
    )
    if ('error' in outcome) return [evaluationFailed(rule, outcome.error, node, path)]
    if (outcome.value === true || (unchanged && !rule.usesOldSelf)) return []
    const shown = node.type === 'object' || node.type === 'array' ? OMITTED : value
    const says = rule.messageExpression?.(bindings)
    return [causeOf(rule, shown, messageOf(rule, says), path)]
  })
}

const evaluationFailed = (rule: Rule, error: string, node: Structural, path: string): Cause =>
  invalid(
    path || '<nil>',
    node.type,
    error.startsWith('no such overload')
      ? `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${nameOf(rule)}`
      : `${error} evaluating rule: ${nameOf(rule)}`,
  )

const nameOf = (rule: Rule): string => (rule.message || rule.source).trim()

const MAX_MESSAGE_BYTES = 5 * 1024

/** What the expression says, unless that is nothing, too much, or more than a line. */
function messageOf(rule: Rule, outcome: Outcome | undefined): string {
  if (outcome && 'value' in outcome && typeof outcome.value === 'string') {
    const text = outcome.value.trim()
    if (text && !text.includes('\n') && Buffer.byteLength(text) <= MAX_MESSAGE_BYTES) return text
  }
  return rule.message.trim() || `failed rule: ${rule.source.trim()}`
}

function causeOf(rule: Rule, value: unknown, detail: string, path: string): Cause {
  const field = (rule.fieldPath ? child(path, rule.fieldPath) : path) || '<nil>'
  if (rule.reason === 'FieldValueForbidden') return forbidden(field, detail)
  if (rule.reason === 'FieldValueRequired') return required(field, detail)
  return rule.reason === 'FieldValueDuplicate'
    ? duplicate(field, value)
    : invalid(field, value, detail)
}
