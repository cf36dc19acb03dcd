import type { Area } from '../scenario.ts'
import { config } from './config.ts'
import { expiry } from './expiry.ts'
import { pods } from './pods.ts'
import { stack } from './stack.ts'

export const grants: Area = {
  name: 'grants',
  organizations: 1,
  people: { ada: 'admin', max: 'maintainer' },
  // Made by kube-controller-manager a moment after the namespace; no Pod is accepted before.
  prepare: on => on.comes(['get', 'serviceaccount', 'default']),
  scenarios: [pods, expiry, stack, config],
}
