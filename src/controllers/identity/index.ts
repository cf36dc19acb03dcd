import type { Deployment } from '#src/lib/controller.ts'
import organization from './organization.ts'
import orgNamespaceBinding from './orgnamespacebinding.ts'

/** Who is who: organisations, their namespaces, people. */
export const identity: Deployment = {
  name: 'identity-controller',
  controllers: [organization, orgNamespaceBinding],
}
