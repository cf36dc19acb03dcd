import { apiVersionOf } from '#src/api/kind.ts'
import { orgNamespace } from '#src/api/names.ts'
import {
  PolicyBinding,
  PolicyExceptionRequest,
  type PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import { KradleError } from '#src/lib/errors.ts'
import { exceptionOf } from '#src/policy/exception.ts'
import type { KyvernoPolicy, PolicyException } from '#src/policy/kyverno.ts'
import type { Problem } from '#src/policy/problem.ts'
import { render } from '#src/policy/render.ts'
import { TEST_ORGANIZATION, type PolicyTest, type TestedException } from './document.ts'

/** A test as Kyverno would have it: the very policy and exceptions that the policy controller would make. */
export interface Suite {
  readonly template: PolicyTemplate
  readonly test: PolicyTest
  readonly policy: KyvernoPolicy
  readonly exceptions: readonly PolicyException[]
}

/** Renders a test. Throws where the template or what the test fills in cannot become a policy. */
export function suiteOf(template: PolicyTemplate, test: PolicyTest, now: Date): Suite {
  const binding = bindingOf(template, test)
  const exceptions = test.exceptions.map(
    // Each names one object, so there is none without.
    (exception, index) =>
      exceptionOf({ request: requestOf(exception, index, test), binding, template })!,
  )
  const { policy, problems } = render({ template, binding, profile: undefined, exceptions, now })
  if (policy) return { template, test, policy, exceptions }
  throw new KradleError('InvalidPolicyTest', problems.map(worded).join('; '))
}

function bindingOf(template: PolicyTemplate, test: PolicyTest): PolicyBinding {
  const { parameters, target, match } = test
  return {
    apiVersion: apiVersionOf(PolicyBinding) as PolicyBinding['apiVersion'],
    kind: 'PolicyBinding',
    // Kyverno reads no policy whose owner has no uid.
    metadata: {
      name: test.name,
      namespace: orgNamespace(TEST_ORGANIZATION),
      uid: '00000000-0000-0000-0000-000000000000',
    },
    spec: {
      organizationRef: TEST_ORGANIZATION,
      templateRef: template.metadata.name,
      mode: 'enforce',
      ...(parameters && { parameters }),
      ...(target && { target }),
      ...(match && { match }),
      suspend: false,
    },
  }
}

/** A request that somebody approved of. */
const requestOf = (
  { kind, name, expiresAt }: TestedException,
  index: number,
  test: PolicyTest,
): PolicyExceptionRequest => ({
  apiVersion: apiVersionOf(PolicyExceptionRequest) as PolicyExceptionRequest['apiVersion'],
  kind: 'PolicyExceptionRequest',
  metadata: { name: `${test.name}-${index}`, namespace: orgNamespace(TEST_ORGANIZATION) },
  spec: {
    organizationRef: TEST_ORGANIZATION,
    policyRef: test.name,
    justification: 'the test says so',
    expiresAt,
    resources: [{ kind, name }],
  },
})

const worded = ({ field, value, problem, fix, rule }: Problem): string =>
  `${field}: ${value === undefined ? '' : `${JSON.stringify(value)} `}${problem}; ${fix} (${rule})`
