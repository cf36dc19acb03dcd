import type { Deployment } from '#src/lib/controller.ts'
import policyBinding from './policybinding.ts'
import policyExceptionRequest from './policyexceptionrequest.ts'
import policyProfile from './policyprofile.ts'
import policyTemplate from './policytemplate.ts'

/** Policy as code: templates, where they are bound, and exceptions from them. */
export const policy: Deployment = {
  name: 'policy-controller',
  controllers: [policyBinding, policyExceptionRequest, policyProfile, policyTemplate],
}
