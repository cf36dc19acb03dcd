import { createHash } from 'node:crypto'
import { LABEL_MANAGED_BY, LABEL_ORG, PREFIX } from '#src/api/names.ts'
import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'

/** The group of Kyverno's policies and exceptions, and the version that Kradle writes. */
export const KYVERNO_GROUP = 'policies.kyverno.io'
export const KYVERNO_API_VERSION = `${KYVERNO_GROUP}/v1`

/** On generated policies and exceptions, beside LABEL_ORG. */
export const LABEL_POLICY_BINDING = `${PREFIX}policy-binding`
/** On exceptions: the PolicyExceptionRequest. */
export const LABEL_EXCEPTION_REQUEST = `${PREFIX}policy-exception-request`
/** What a target asks of objects, beside LABEL_REPOSITORY and LABEL_TRUST_TIER. */
export const LABEL_ENVIRONMENT = `${PREFIX}environment`

/** `namespace/name` of the template that a policy was made of. */
export const ANNOTATION_POLICY_TEMPLATE = `${PREFIX}policy-template`
/** The name of the profile whose rules held; absent where there is none. */
export const ANNOTATION_PROFILE = `${PREFIX}profile`
/** Changes whenever the exceptions of a policy do: Kyverno compiles them together. */
export const ANNOTATION_EXCEPTIONS = `${PREFIX}exceptions`
/** What people see of a policy in Kyverno's own tools. */
export const KYVERNO_ANNOTATION_PREFIX = 'policies.kyverno.io/'

/** On requests that are approved: their PolicyException goes with them. */
export const FINALIZER_POLICY_EXCEPTION = `${PREFIX}policy-exception`

export type PolicyType = PolicyTemplate['spec']['kyverno']['type']

/** The kind of what a template becomes; always one that Kyverno confines to its namespace. */
export const policyKindOf = (type: PolicyType): string => `Namespaced${type}Policy`

/** Its plural, as RBAC and paths have it. */
export const policyPluralOf = (type: PolicyType): string =>
  `namespaced${type.toLowerCase()}policies`

/** The length up to which a name stands as it is: room for a hyphen and ten digits is left in a DNS label. */
const PLAIN_MAX_LENGTH = 52

/**
 * `kradle-<org>-<name>`, unique for org and name together. Where one of them has a hyphen, "a-b" with "c" would be "a" with
 * "b-c": those get ten hexadecimal digits of a hash of both behind, and long names, too, behind their first 52 characters.
 */
function generatedName(org: string, name: string): string {
  const plain = `kradle-${org}-${name}`
  if (plain.length <= PLAIN_MAX_LENGTH && !org.includes('-') && !name.includes('-')) return plain
  const digits = createHash('sha256').update(`${org}/${name}`).digest('hex').slice(0, 10)
  return `${plain.slice(0, PLAIN_MAX_LENGTH)}-${digits}`
}

/** The name of the policy of a PolicyBinding. Exceptions name policies across namespaces, so it is the only one in the cluster. */
export const policyNameOf = (org: string, binding: string): string => generatedName(org, binding)

/** The name of the PolicyException of a PolicyExceptionRequest. */
export const exceptionNameOf = (org: string, request: string): string => generatedName(org, request)

/** The labels of everything that is generated for an organisation's binding. */
export const generatedLabels = (org: string, binding: string): Record<string, string> => ({
  [LABEL_ORG]: org,
  [LABEL_POLICY_BINDING]: binding,
  [LABEL_MANAGED_BY]: 'kradle',
})
