import type { Deployment } from '#src/lib/controller.ts'
import authProvider from './authprovider.ts'
import identityMapping from './identitymapping.ts'
import invite from './invite.ts'
import organization from './organization.ts'
import orgNamespaceBinding from './orgnamespacebinding.ts'
import team from './team.ts'
import user from './user.ts'

/** Who is who: organisations, their namespaces, people. */
export const identity: Deployment = {
  name: 'identity-controller',
  controllers: [
    organization,
    orgNamespaceBinding,
    user,
    team,
    invite,
    identityMapping,
    authProvider,
  ],
}
