import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { AgentConfigGrant, AgentSecretGrant } from '#src/api/identity/v1alpha1.ts'
import { readyWhen } from '#src/lib/conditions.ts'
import { controller, watch, type ConditionInput } from '#src/lib/controller.ts'
import { missingFrom, referenceWatches, resolvedCondition } from '#src/lib/reference-conditions.ts'
import { stackNameOf, type Grant } from '#src/permissions/grants.ts'
import { partConditions } from './stack-parts.ts'
import { permissionConditions } from './stack-permissions.ts'

/**
 * Says of every AgentStack whether it could run: whether all it names is there and of use to
 * it, and whether it has the permissions that it counts on (R50, R62, R65, R124 to R130).
 */
export default controller(AgentStack, {
  name: 'agentstack',
  watches: [
    ...referenceWatches(AgentStack),
    // What MCP servers and skills read is granted by grants that no stack has to name.
    ...[AgentSecretGrant, AgentConfigGrant].map(kind =>
      watch<Grant>(kind, {
        toOwners: ({ metadata, spec }, cluster) =>
          cluster
            .list(AgentStack, metadata.namespace)
            .filter(
              stack =>
                stackNameOf(spec.subject) === stack.metadata.name ||
                spec.serviceAccountRef === stack.spec.runtimeIdentity.serviceAccountRef,
            )
            .map(({ metadata: { name, namespace } }) => ({
              name,
              ...(namespace && { namespace }),
            })),
      }),
    ),
  ],
  writes: [],
  reconcile(stack, cluster) {
    const conditions = [
      ...partConditions(stack, cluster),
      ...permissionConditions(stack, cluster),
      // The last, so that Ready says in its own words what is wrong with a part that is missing.
      resolvedCondition('CapabilitiesResolved', missingFrom(AgentStack, stack, cluster)),
    ]
    return {
      status: {
        phase: phaseOf(conditions),
        conditions: readyWhen(conditions, 'Ready', 'The stack can be run'),
      },
    }
  },
})

/** What only a person can mend, by changing the stack or what it names. */
const BLOCKING: ReadonlySet<string> = new Set([
  'InvalidSkill',
  'InvalidSubagent',
  'McpServerNotAdmitted',
  'SecretNotAllowed',
  'SubjectMismatch',
])

function phaseOf(conditions: readonly ConditionInput[]): string {
  const wrong = conditions.filter(({ status }) => status === 'False')
  if (wrong.length === 0) return 'Ready'
  // Somebody gave one of its roles more than was declared.
  if (wrong.some(({ reason }) => reason === 'DriftEscalates')) return 'Error'
  return wrong.some(({ reason }) => BLOCKING.has(reason)) ? 'Blocked' : 'Pending'
}
