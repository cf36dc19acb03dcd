import type { UnknownObject } from '#src/api/object.ts'
import { matchesRule } from '#src/lib/match/rule.ts'
import { isEmptySelector, selects } from '#src/lib/match/selector.ts'
import type { Compiled } from '#src/lib/schema/dynamic/compiled.ts'
import type { Bindings } from '#src/lib/schema/dynamic/expression.ts'
import { celValue } from '#src/lib/schema/dynamic/values.ts'
import { withVariables, type Failed } from '#src/lib/schema/dynamic/variables.ts'
import { at } from './cel/dialect.ts'
import { subjectOf, type Circumstances, type Subject } from './circumstances.ts'
import { compiledPolicy, type CompiledPolicy } from './compiled-policy.ts'
import type { KyvernoPolicy, PolicyException } from './kyverno.ts'

/** What a policy says of an object. */
export interface Judgement {
  /** As Kyverno has it. What an exception spares is `skip` where it exempts from all, and `pass` where it allows a value. */
  readonly result: 'pass' | 'fail' | 'skip' | 'error'
  /** In Kyverno's words. */
  readonly message: string
  /** The names of the PolicyExceptions without which the object would not have come through. */
  readonly exceptions: readonly string[]
}

/** Judges one object after the other; undefined of what the policy is not about. */
export type Judge = (
  object: UnknownObject,
  now: Date,
  circumstances?: Circumstances,
) => Judgement | undefined

/**
 * What a rendered NamespacedValidatingPolicy says of an object at a time, as Kyverno would: pass, fail, skip or error, with its
 * message. Undefined where the policy is not about the object. Exceptions that are over by then do not count, whether they
 * are still there or not. What only Kyverno can evaluate is an error that says so. Never throws.
 */
export const judge = (
  policy: KyvernoPolicy,
  object: UnknownObject,
  exceptions: readonly PolicyException[],
  now: Date,
  circumstances?: Circumstances,
): Judgement | undefined => judging(policy, exceptions)(object, now, circumstances)

/** The same for many objects: everything is compiled once. */
export function judging(policy: KyvernoPolicy, exceptions: readonly PolicyException[]): Judge {
  const compiled = compiledPolicy(policy, exceptions)
  return (object, now, circumstances = {}) => {
    const subject = subjectOf(object, circumstances)
    return subject && isAbout(policy, subject)
      ? at(now, () => judged(compiled, subject, now))
      : undefined
  }
}

/** Whether matchConstraints are met: an object of another namespace is not seen at all. */
function isAbout(
  { metadata, spec }: KyvernoPolicy,
  { kind, object, oldObject, ...rest }: Subject,
): boolean {
  const {
    resourceRules = [],
    excludeResourceRules = [],
    objectSelector,
  } = spec.matchConstraints ?? {}
  const write = { ...rest, resource: { kind }, subresource: '' }
  if (rest.namespace !== metadata.namespace) return false
  if (excludeResourceRules.some(rule => matchesRule(rule, write))) return false
  if (!resourceRules.some(rule => matchesRule(rule, write))) return false
  return (
    !objectSelector ||
    isEmptySelector(objectSelector) ||
    [object, oldObject].some(each => each && selects(objectSelector, each.metadata.labels ?? {}))
  )
}

/** What messages say of expressions that nobody but Kyverno can evaluate. */
export const ONLY_KYVERNO = 'only Kyverno can judge this'

/** Kyverno adds nothing to what a variable says. */
const plainly: Failed = (_, to, problem) =>
  to === 'compile' ? `${ONLY_KYVERNO}: ${problem}` : problem

type Value = { readonly value: unknown } | { readonly error: string }

function evaluated(expression: Compiled, bindings: Bindings): Value {
  return 'problem' in expression
    ? { error: `${ONLY_KYVERNO}: ${expression.problem}` }
    : expression.evaluate(bindings)
}

/** A condition that fails puts a policy out of force that ignores failures. */
function met(
  conditions: readonly Compiled[],
  bindings: Bindings,
  { spec }: KyvernoPolicy,
): { readonly met: boolean } | { readonly error: string } {
  const errors: string[] = []
  for (const condition of conditions) {
    const outcome = asBool(evaluated(condition, bindings))
    if ('error' in outcome) errors.push(outcome.error)
    else if (!outcome.value) return { met: false }
  }
  if (errors.length === 0) return { met: true }
  return spec.failurePolicy === 'Ignore' ? { met: false } : { error: errors.join('; ') }
}

function asBool(outcome: Value): { readonly value: boolean } | { readonly error: string } {
  if ('error' in outcome) return outcome
  return typeof outcome.value === 'boolean'
    ? { value: outcome.value }
    : { error: `type conversion error from '${typeof outcome.value}' to 'bool'` }
}

const NO_EXCEPTIONS: readonly string[] = []
const error = (message: string): Judgement => ({
  result: 'error',
  message,
  exceptions: NO_EXCEPTIONS,
})

/** Whether it exempts from everything, rather than allowing some values. */
const isFull = ({ spec: { images = [], allowedValues = [] } }: PolicyException): boolean =>
  images.length === 0 && allowedValues.length === 0

function judged(compiled: CompiledPolicy, { bindings }: Subject, now: Date): Judgement | undefined {
  const { policy } = compiled
  const matched: PolicyException[] = []
  for (const { exception, conditions } of compiled.exceptions) {
    const { expiresAt } = exception.spec
    if (expiresAt !== undefined && now.getTime() >= Date.parse(expiresAt)) continue
    const outcome = met(conditions, bindings, policy)
    if ('error' in outcome) {
      // One that is granted is not taken back by one that is broken.
      if (matched.some(isFull)) continue
      return error(`failed to load context: ${outcome.error}`)
    }
    if (outcome.met) matched.push(exception)
  }
  if (matched.some(isFull)) {
    const names = matched.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    return {
      result: 'skip',
      message: `rule is skipped due to policy exception: ${names.join(', ')}`,
      exceptions: matched.filter(isFull).map(({ metadata }) => metadata.name),
    }
  }
  const outcome = validated(compiled, bindings, matched)
  if (outcome?.result !== 'pass' || matched.length === 0) return outcome
  const without = validated(compiled, bindings, [])
  return without?.result === 'pass'
    ? outcome
    : { ...outcome, exceptions: matched.map(({ metadata }) => metadata.name) }
}

function validated(
  { policy, conditions, variables, validations, annotations }: CompiledPolicy,
  base: Bindings,
  partly: readonly PolicyException[],
): Judgement | undefined {
  const excepted = {
    ...base,
    exceptions: celValue({
      allowedImages: partly.flatMap(({ spec }) => spec.images ?? []),
      allowedValues: partly.flatMap(({ spec }) => spec.allowedValues ?? []),
    }),
  }
  const about = met(conditions, excepted, policy)
  if ('error' in about) return error(`failed to load context: ${about.error}`)
  if (!about.met) return undefined
  const bindings = withVariables(excepted, variables, plainly)
  for (const [index, { expression, message, messageExpression }] of validations.entries()) {
    const outcome = asBool(evaluated(expression, bindings))
    if ('error' in outcome) return error(`error: ${outcome.error}`)
    if (!outcome.value) {
      const said = messageExpression ? inWords(evaluated(messageExpression, bindings)) : message
      const failed = annotated(annotations, bindings)
      return failed !== undefined
        ? error(`error: ${failed}`)
        : {
            result: 'fail',
            message: said || `CEL expression validation failed at index ${index}`,
            exceptions: NO_EXCEPTIONS,
          }
    }
  }
  const failed = annotated(annotations, bindings)
  return failed !== undefined
    ? error(`failed to load context: ${failed}`)
    : { result: 'pass', message: 'success', exceptions: NO_EXCEPTIONS }
}

function inWords(outcome: Value): string {
  if ('error' in outcome) return `failed to evaluate message expression: ${outcome.error}`
  return typeof outcome.value === 'string'
    ? outcome.value
    : `failed to convert message expression to string: type conversion error from '${typeof outcome.value}' to 'string'`
}

/** Annotations are written nowhere here, but one that fails makes an error of the result. */
function annotated(
  annotations: CompiledPolicy['annotations'],
  bindings: Bindings,
): string | undefined {
  for (const { key, expression } of annotations) {
    const outcome = evaluated(expression, bindings)
    if ('error' in outcome) return `failed to evaluate auditAnnotation '${key}': ${outcome.error}`
    if (typeof outcome.value !== 'string')
      return `failed to convert auditAnnotation '${key}' expression: type conversion error from '${outcome.value === null ? 'null_type' : typeof outcome.value}' to 'string'`
  }
  return undefined
}
