import { AgentApproval } from '#src/api/activity/v1alpha1.ts'
import type { Hooks } from '../write/hooks.ts'

/** What was approved was approved for one run, not for the next of its name (R87). */
export const run: Hooks = { namedBy: { kind: AgentApproval, field: 'spec.dispatchRun' } }
