import type { PolicyTemplate } from '#src/api/policy/v1alpha1.ts'
import { ApiError } from '#src/lib/api-error.ts'

/** A write that has to be refused, to be sent as a dry run; and by what its refusal is known. */
export interface Probe {
  readonly template: PolicyTemplate
  readonly refusedBy: string
}

/** The name under which nothing is ever written. */
export const PROBE = 'kradle-probe'

/**
 * What nobody may write, made of a template that anybody may: once an API server refuses both,
 * each for its reason, it has seen the admission policies and the webhook configuration, and the
 * webhook answers. That they exist says less: the API server takes seconds to see them.
 */
export function probesOf(template: PolicyTemplate): readonly Probe[] {
  const { kyverno } = template.spec
  const metadata = { namespace: template.metadata.namespace!, name: PROBE }
  return [
    {
      // Of this label nobody else thinks: what other policies refuse, the mutating webhook refuses before them.
      template: { ...template, metadata: { ...metadata, labels: { [LIFETIME]: '1h' } } },
      refusedBy: "ValidatingAdmissionPolicy 'kradle-organization-scope'",
    },
    {
      template: {
        ...template,
        metadata,
        spec: {
          ...template.spec,
          kyverno: { ...kyverno, spec: { ...kyverno.spec, matchConditions: [broken] } },
        },
      },
      refusedBy: 'admission webhook "validate.kradle.a5c.ai" denied the request',
    },
  ]
}

/** A lifetime, after which Kyverno would delete what people have not (R42). */
const LIFETIME = 'cleanup.kyverno.io/ttl'

const broken = { name: 'broken', expression: '(' }

/** Why writes are not judged yet, as a clause, by what came of a probe; undefined where they are. */
export function unjudged({ refusedBy }: Probe, error: unknown): string | undefined {
  if (error === undefined) return `nobody refuses what has to be refused by ${refusedBy}`
  if (error instanceof ApiError && error.message.includes(refusedBy)) return undefined
  return (error as Error).message
}
