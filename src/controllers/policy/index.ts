import {
  PolicyBinding,
  PolicyExceptionRequest,
  PolicyProfile,
  PolicyTemplate,
} from '#src/api/policy/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import type { Deployment } from '#src/lib/controller.ts'

/** Policy as code: templates, where they are bound, and exceptions from them. */
export const policy: Deployment = {
  name: 'policy-controller',
  controllers: [PolicyBinding, PolicyExceptionRequest, PolicyProfile, PolicyTemplate].map(kind =>
    configured(kind),
  ),
}
