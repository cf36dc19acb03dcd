import type { Deployment } from '#src/lib/controller.ts'
import { reportKinds, type ReportApi } from '#src/scan/report-api.ts'
import policyBinding from './policybinding.ts'
import policyExceptionRequest from './policyexceptionrequest.ts'
import policyProfile from './policyprofile.ts'
import policyTemplate from './policytemplate.ts'

/** Policy as code: templates, where they are bound, and exceptions from them. What Kyverno finds is counted in reports of `api`. */
export const policy = (api: ReportApi): Deployment => ({
  name: 'policy-controller',
  controllers: [
    policyBinding(reportKinds[api]),
    policyExceptionRequest,
    policyProfile(reportKinds[api]),
    policyTemplate,
  ],
})
