import type { AgentStack } from '#src/api/agents/v1alpha1.ts'
import type { ServiceAccount } from '#src/api/core/v1.ts'
import type {
  AgentConfigGrant,
  AgentRoleBinding,
  AgentSecretGrant,
  AgentServiceAccount,
} from '#src/api/identity/v1alpha1.ts'
import { LABEL_OWNER_UID } from '#src/api/names.ts'
import type { ObjectMeta } from '#src/api/object.ts'
import type { KeysOnly } from '#src/lib/keys-only.ts'

const NAMESPACE = 'kradle-org-acme'
const KRADLE = 'kradle.a5c.ai/v1alpha1'

const metaOf = (kind: string, name: string): ObjectMeta => ({
  name,
  namespace: NAMESPACE,
  uid: `uid-of-${kind}-${name}`,
  generation: 1,
})

/** An AgentServiceAccount of organisation acme. */
export const agentAccount = (
  name = 'repairer',
  spec: Partial<AgentServiceAccount['spec']> = {},
): AgentServiceAccount => ({
  apiVersion: KRADLE,
  kind: 'AgentServiceAccount',
  metadata: metaOf('account', name),
  spec: {
    organizationRef: 'acme',
    namespace: NAMESPACE,
    serviceAccountName: name,
    purpose: 'agent',
    automountServiceAccountToken: false,
    ...spec,
  },
})

/** The ServiceAccount that such an AgentServiceAccount gets. */
export const serviceAccount = (
  name = 'repairer',
  rest: Partial<ServiceAccount> = {},
  metadata: Partial<ObjectMeta> = {},
): ServiceAccount => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: {
    name,
    namespace: NAMESPACE,
    labels: { [LABEL_OWNER_UID]: `uid-of-account-${name}` },
    ...metadata,
  },
  ...rest,
})

/** An AgentStack of organisation acme that runs as the account of its name. */
export const agentStack = (
  name = 'repairer',
  account = name,
  spec: Partial<AgentStack['spec']> = {},
): AgentStack => ({
  apiVersion: KRADLE,
  kind: 'AgentStack',
  metadata: metaOf('stack', name),
  spec: {
    organizationRef: 'acme',
    baseAgent: 'claude-code',
    adapter: 'agent-mux.claude-code',
    runtimeIdentity: { serviceAccountRef: account },
    approvalMode: 'prompt',
    ...spec,
  },
})

/** Gives the account `repairer` template `readonly` in the whole organisation. */
export const roleBinding = (spec: Partial<AgentRoleBinding['spec']> = {}): AgentRoleBinding => ({
  apiVersion: KRADLE,
  kind: 'AgentRoleBinding',
  metadata: metaOf('binding', 'reads'),
  spec: {
    organizationRef: 'acme',
    subject: { kind: 'agent-service-account', name: 'repairer' },
    roleRef: { kind: 'RoleTemplate', name: 'readonly' },
    scope: { kind: 'organization' },
    ...spec,
  },
})

/** Grants key `token` of Secret `model` to stack `repairer`. */
export const secretGrant = (spec: Partial<AgentSecretGrant['spec']> = {}): AgentSecretGrant => ({
  apiVersion: KRADLE,
  kind: 'AgentSecretGrant',
  metadata: metaOf('grant', 'model'),
  spec: {
    organizationRef: 'acme',
    subject: { kind: 'agent-stack', name: 'repairer' },
    secretRef: { name: 'model', keys: ['token'] },
    purpose: 'model-provider-token',
    requiredApproval: 'never',
    ...spec,
  },
})

/** Grants key `settings.json` of ConfigMap `linter` to stack `repairer`. */
export const configGrant = (spec: Partial<AgentConfigGrant['spec']> = {}): AgentConfigGrant => ({
  apiVersion: KRADLE,
  kind: 'AgentConfigGrant',
  metadata: metaOf('grant', 'linter'),
  spec: {
    organizationRef: 'acme',
    subject: { kind: 'agent-stack', name: 'repairer' },
    configMapRef: { name: 'linter', keys: ['settings.json'] },
    purpose: 'skill-config',
    requiredApproval: 'never',
    ...spec,
  },
})

/** What reconcilers see of a Secret or ConfigMap. */
export const keysIn = (
  kind: 'ConfigMap' | 'Secret',
  name: string,
  keys: readonly string[],
  metadata: Partial<ObjectMeta> = {},
): KeysOnly => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    name,
    namespace: NAMESPACE,
    creationTimestamp: '2026-11-01T00:00:00Z',
    ...metadata,
  },
  keys,
})

/** The entry of managedFields that says that grants-controller applied these fields. */
export const appliedFields = (...fields: string[]): object => ({
  manager: 'grants-controller',
  operation: 'Apply',
  fieldsV1: Object.fromEntries(fields.map(field => [`f:${field}`, {}])),
})
