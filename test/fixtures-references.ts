import type { Kind } from '#src/api/kind.ts'
import type { ObjectMeta, UnknownObject } from '#src/api/object.ts'

/** A kind with a reference of every form. */
export const Thing: Kind<UnknownObject> = {
  group: 'kradle.a5c.ai',
  version: 'v1alpha1',
  kind: 'Thing',
  plural: 'things',
  namespaced: true,
  scope: 'org',
  references: [
    { path: 'spec.skills[]', kind: 'AgentSkill', onMissing: 'condition' },
    { path: 'spec.tool', kind: 'AgentToolProfile', onMissing: 'condition' },
    { path: 'spec.template', kind: 'PolicyTemplate', onMissing: 'deny' },
  ],
}

/** An object of organisation acme, of that kind or another one. */
export const thing = (
  name: string,
  spec: Record<string, unknown> = {},
  metadata: Partial<ObjectMeta> = {},
  kind: Kind = Thing,
): UnknownObject => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: kind.kind,
  metadata: { name, namespace: 'kradle-org-acme', ...metadata },
  spec,
})
