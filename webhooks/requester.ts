import { AgentApproval, AgentDispatchRun, AgentMemoryQuery } from '#src/api/activity/v1alpha1.ts'
import type { Kind } from '#src/api/kind.ts'
import { PLATFORM_NAMESPACE } from '#src/api/names.ts'

/** The kinds that say who asked for them, and the field of their spec where they do. */
export const requesterField: ReadonlyMap<string, string> = new Map([
  [AgentApproval.plural, 'requestedBy'],
  [AgentDispatchRun.plural, 'requestedBy'],
  [AgentMemoryQuery.plural, 'requester'],
])

export const requestedKinds: readonly Kind[] = [AgentApproval, AgentDispatchRun, AgentMemoryQuery]

const controllers = ['approval', 'dispatch', 'memory', 'trigger'].map(
  name => `system:serviceaccount:${PLATFORM_NAMESPACE}:${name}-controller`,
)

/** Whether the requester may write in the name of somebody else: Kradle's controllers act for whoever caused what they do. */
export const actsForOthers = (username: string | undefined): boolean =>
  controllers.includes(username ?? '')
