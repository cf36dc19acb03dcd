import { scope } from './scope.ts'
import type { Setup, Shape } from './setup.ts'

const noProcess = () => undefined

/** Nobody judges: what the others are compared with. */
export const none = (shape: Shape): Setup => ({
  name: 'none',
  title: 'no policy',
  configuration: [],
  shapes: [shape],
  reviews: { [shape]: 0 },
  webhooks: undefined,
  refusal: undefined,
  pid: noProcess,
})

const { name, ...rules } = scope
const registration = 'admissionregistration.k8s.io/v1'

const policy = {
  apiVersion: registration,
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name },
  spec: { failurePolicy: 'Fail', ...rules },
}
const binding = {
  apiVersion: registration,
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: { policyName: name, validationActions: ['Deny'] },
}

/** The API server judges by itself. */
export const nativePolicy: Setup = {
  name: 'policy',
  title: 'one ValidatingAdmissionPolicy',
  configuration: [policy, binding],
  shapes: ['complete'],
  reviews: { complete: 0 },
  webhooks: undefined,
  refusal: /ValidatingAdmissionPolicy 'bench-organization-scope'/,
  pid: noProcess,
}
