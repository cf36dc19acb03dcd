import type { Deployment } from '#src/lib/controller.ts'
import agentConfigGrant from './agentconfiggrant.ts'
import agentRoleBinding from './agentrolebinding.ts'
import agentSecretGrant from './agentsecretgrant.ts'
import agentServiceAccount from './agentserviceaccount.ts'
import { NAME } from './as-we-left-it.ts'

/** What agents may: their accounts, their roles, and which keys they see. */
export const grants: Deployment = {
  name: NAME,
  controllers: [agentServiceAccount, agentRoleBinding, agentSecretGrant, agentConfigGrant],
}
