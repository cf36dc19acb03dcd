import {
  AgentAdapter,
  AgentContextLabel,
  AgentGatewayConfig,
  AgentMcpServer,
  AgentMemoryAssociation,
  AgentMemoryOntology,
  AgentMemoryRepository,
  AgentMemorySource,
  AgentPersona,
  AgentProviderConfig,
  AgentSkill,
  AgentSubagent,
  AgentToolProfile,
  AgentTransportBinding,
  AgentTriggerRule,
  KradleProject,
  KradleWorkspacePolicy,
} from '#src/api/agents/v1alpha1.ts'
import { configured } from '#src/lib/configured.ts'
import type { Deployment } from '#src/lib/controller.ts'
import agentStack from './agentstack.ts'

/** Agents: stacks, what stacks are put together from, what starts them, and what they remember. */
export const agents: Deployment = {
  name: 'agents-controller',
  controllers: [
    agentStack,
    ...[
      AgentAdapter,
      AgentContextLabel,
      AgentGatewayConfig,
      AgentMcpServer,
      AgentMemoryAssociation,
      AgentMemoryOntology,
      AgentMemoryRepository,
      AgentMemorySource,
      AgentPersona,
      AgentProviderConfig,
      AgentSkill,
      AgentSubagent,
      AgentToolProfile,
      AgentTransportBinding,
      AgentTriggerRule,
      KradleProject,
      KradleWorkspacePolicy,
    ].map(kind => configured(kind)),
  ],
}
