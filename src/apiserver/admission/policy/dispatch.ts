import type { Namespace } from '#src/api/core/v1.ts'
import { StatusError } from '../../status-error.ts'
import type { Attributes } from '../admission.ts'
import { matches, type NamespaceOf } from '../match/matches.ts'
import { plainlyForbidden, refused } from '../refusal.ts'
import { namespaceNotFound } from '../namespace-lifecycle.ts'
import type { Context } from './context.ts'
import { objectionsOf, type Objection } from './decide.ts'
import { criteriaOf, type Policy, type PolicyBinding } from './policy.ts'

/** A policy with the bindings that put it in force. */
export interface BoundPolicy {
  readonly policy: Policy
  readonly bindings: readonly PolicyBinding[]
}

/** Who is against it, with the binding by which he has a say; none where the policy itself cannot be matched. */
interface Denial {
  readonly policy: Policy
  readonly binding: PolicyBinding | undefined
  readonly objection: Objection
}

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
  Invalid: 422,
}

/** Asks the validating policies. Throws StatusError where one denies, with the first to do so in its words. */
export async function askValidatingPolicies(
  policies: readonly BoundPolicy[],
  context: Context,
  namespaceOf: NamespaceOf,
): Promise<void> {
  const { attributes } = context
  const denials = await denialsOf(
    policies,
    context,
    namespaceOf,
    ({ policy, binding, objection }) => {
      const actions = binding?.spec.validationActions ?? []
      if (actions.includes('Warn'))
        attributes.warn(
          `Validation failed for ValidatingAdmissionPolicy '${policy.name}' with binding '${binding!.metadata.name}': ${objection.message}`,
        )
      return !binding || objection.regardless === true || actions.includes('Deny')
    },
  )
  const [first] = denials
  if (!first) return
  const { policy, binding, objection } = first
  const by = binding ? ` with binding '${binding.metadata.name}'` : ''
  const message = `ValidatingAdmissionPolicy '${policy.name}'${by} denied request: ${objection.message}`
  const reason = objection.reason || 'Invalid'
  throw refused(attributes, message, { code: CODES[reason] ?? 422, reason }, [{ message }])
}

/** Mutating policies are not carried out here: those that match fail. Throws StatusError where one may not. */
export async function askMutatingPolicies(
  policies: readonly BoundPolicy[],
  context: Context,
  namespaceOf: NamespaceOf,
): Promise<void> {
  const denials = await denialsOf(policies, context, namespaceOf, () => true)
  if (denials.length === 0) return
  const causes = denials.map(({ policy, binding, objection }) => ({
    message: binding
      ? `policy '${policy.name}' with binding '${binding.metadata.name}' denied request: ${objection.message}`
      : `policy ${JSON.stringify(policy.name)} denied request: ${objection.message}`,
  }))
  throw plainlyForbidden(context.attributes, causes[0]!.message, causes)
}

async function denialsOf(
  policies: readonly BoundPolicy[],
  context: Context,
  namespaceOf: NamespaceOf,
  denies: (denial: Denial) => boolean,
): Promise<Denial[]> {
  const denials: Denial[] = []
  for (const { policy, bindings } of policies) {
    const unmatched = (binding: PolicyBinding | undefined, error: unknown): void => {
      if (!(error instanceof StatusError)) throw error
      const what = binding ? 'binding' : 'policy'
      const message = `failed to configure ${what}: ${error.message}`
      if (!policy.ignoresFailures)
        denials.push({ policy, binding, objection: { message, reason: '', regardless: true } })
    }
    if (
      !(await tried(policy.criteria, context.attributes, namespaceOf, e => unmatched(undefined, e)))
    )
      continue
    let objections: readonly Objection[] | undefined
    for (const binding of bindings) {
      const criteria = criteriaOf(binding.spec.matchResources)
      if (!(await tried(criteria, context.attributes, namespaceOf, e => unmatched(binding, e))))
        continue
      objections ??= await objectionsOf(
        policy,
        context,
        await namespaceFor(context.attributes, namespaceOf),
      )
      for (const objection of objections) {
        const denial = { policy, binding, objection }
        if (denies(denial)) denials.push(denial)
      }
    }
  }
  return denials
}

async function tried(
  criteria: Parameters<typeof matches>[0],
  attributes: Attributes,
  namespaceOf: NamespaceOf,
  failed: (error: unknown) => void,
): Promise<boolean> {
  try {
    return await matches(criteria, attributes, namespaceOf)
  } catch (error) {
    failed(error)
    return false
  }
}

async function namespaceFor(
  { namespace: name }: Attributes,
  namespaceOf: NamespaceOf,
): Promise<Namespace | undefined> {
  if (name === '') return undefined
  const namespace = await namespaceOf()
  if (!namespace) throw namespaceNotFound(name)
  return namespace
}
