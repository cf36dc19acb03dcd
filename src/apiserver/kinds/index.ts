import {
  AgentApproval,
  AgentDispatchAttempt,
  AgentDispatchRun,
  AgentMemoryQuery,
  AgentMemoryUpdate,
  AgentRunMemoryImport,
  AgentSession,
  AgentTriggerExecution,
  ArtifactVersion,
  ExternalWebhookDelivery,
  ExternalWriteIntent,
  KradleArtifact,
  PullRequest,
} from '#src/api/activity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { activityKinds } from '#src/api/kinds.ts'
import type { Hooks } from '../write/hooks.ts'
import { approval } from './agentapproval.ts'
import { run } from './agentdispatchrun.ts'
import { execution } from './agenttriggerexecution.ts'
import { version } from './artifactversion.ts'
import { delivery } from './externalwebhookdelivery.ts'
import { intent } from './externalwriteintent.ts'
import { pullRequest } from './pullrequest.ts'
import { stored } from './stored.ts'

/** Kinds that begin with a phase, as their definitions want it (R102, R138, R147, R159). */
const FIRST_PHASE: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  [AgentApproval, 'Pending'],
  [AgentDispatchAttempt, 'Pending'],
  [AgentDispatchRun, 'Pending'],
  [AgentMemoryQuery, 'Pending'],
  [AgentMemoryUpdate, 'Pending'],
  [AgentRunMemoryImport, 'Collected'],
  [AgentSession, 'Pending'],
  [AgentTriggerExecution, 'Pending'],
  [KradleArtifact, 'Pending'],
])

const OWN: ReadonlyMap<Kind, Hooks> = new Map<Kind, Hooks>([
  [AgentApproval, approval],
  [AgentDispatchRun, run],
  [AgentTriggerExecution, execution],
  [ArtifactVersion, version],
  [ExternalWebhookDelivery, delivery],
  [ExternalWriteIntent, intent],
  [PullRequest, pullRequest],
])

/** What needs code: of Kradle's kinds where each is stored and with which phase it begins, of a few more than that. */
export const hooksOf = (kind: Kind): Hooks | undefined =>
  activityKinds.includes(kind) ? { ...stored(FIRST_PHASE.get(kind)), ...OWN.get(kind) } : undefined
