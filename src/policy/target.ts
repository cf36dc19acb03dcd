import { LABEL_REPOSITORY, LABEL_TRUST_TIER } from '#src/api/names.ts'
import type { PolicyBinding } from '#src/api/policy/v1alpha1.ts'
import type { NamedExpression } from './kyverno.ts'
import { textLiteral } from './literal.ts'
import { LABEL_ENVIRONMENT, type PolicyType } from './names.ts'

/** What a condition of a binding says of one object, by the name of the variable that holds it. */
type Inside = (object: string) => string

/** What the names of the binding's own conditions begin with; none of a template's may. */
export const CONDITION_PREFIX = 'kradle-'

/**
 * The match conditions by which a policy is in force where its binding says. An object that does not say where it belongs is
 * inside: nobody leaves a policy by saying less. On updates they hold for the old object, too, so that the write that takes an
 * object out is itself still judged. None of them can fail, whatever the object: a condition that fails puts the policy out
 * of force, or refuses everything.
 */
export function targetConditions(
  { target = {}, match = {} }: Pick<PolicyBinding['spec'], 'target' | 'match'>,
  type: PolicyType,
): readonly NamedExpression[] {
  const { repositories, environments, trustTiers } = target
  const labels = Object.entries(match.matchLabels ?? {})
  const conditions: readonly (readonly [string, Inside | undefined])[] = [
    ['repositories', repositories && oneOf(repository, repositories)],
    ['environments', environments && oneOf(label(LABEL_ENVIRONMENT), environments)],
    ['trust-tiers', trustTiers && oneOf(label(LABEL_TRUST_TIER), trustTiers)],
    ['labels', labels.length > 0 ? labelled(labels) : undefined],
  ]
  return conditions.flatMap(([name, inside]) =>
    inside ? [{ name: `${CONDITION_PREFIX}${name}`, expression: inForce(inside, type) }] : [],
  )
}

/** Deleting policies look at objects, and know of no request. An object that is not there is an empty map to Kyverno. */
const inForce = (inside: Inside, type: PolicyType): string =>
  type === 'Deleting'
    ? inside('object')
    : `(request.operation != "DELETE" && ${inside('object')}) || ` +
      `(request.operation in ["UPDATE", "DELETE"] && ${inside('oldObject')})`

/** `''` is an object that does not say. */
const oneOf =
  (value: Inside, allowed: readonly string[]): Inside =>
  object =>
    allowed.length === 0
      ? 'false'
      : `${value(object)}.orValue("") in [${['', ...allowed].map(textLiteral).join(', ')}]`

const repository: Inside = object =>
  `${object}.?spec.?repository.or(${object}.?spec.?repositoryRef).or(${label(LABEL_REPOSITORY)(object)})`

const label =
  (name: string): Inside =>
  object =>
    `${object}.?metadata.?labels[?${textLiteral(name)}]`

const labelled =
  (labels: readonly (readonly [string, string])[]): Inside =>
  object =>
    `(${labels
      .map(([key, value]) => {
        const found = label(key)(object)
        return `(${found}.hasValue() && ${found}.value() == ${textLiteral(value)})`
      })
      .join(' && ')})`
