import t from 'tap'
import { AgentStack } from '#src/api/agents/v1alpha1.ts'
import { namesOnly } from '#src/admission/names-only.ts'
import { referencesOf } from '#src/lib/references.ts'
import type { UnknownObject } from '#src/api/object.ts'

const stack = (rest: object = {}): UnknownObject => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind: 'AgentStack',
  metadata: { name: 'repairer' },
  ...rest,
})

t.test('keeps the name, and what the object names', async t => {
  const whole = stack({
    metadata: {
      name: 'repairer',
      namespace: 'kradle-org-acme',
      uid: 'u',
      resourceVersion: '7',
      labels: { a: 'b' },
      annotations: { c: 'd' },
      managedFields: [{}],
    },
    spec: {
      organizationRef: 'acme',
      prompt: { system: 'Be kind.' },
      runtimeIdentity: { serviceAccountRef: 'repairer' },
      permissionRefs: { secretGrants: ['model'] },
    },
    status: { phase: 'Ready' },
  })
  const before = referencesOf(AgentStack, whole)
  const kept = namesOnly(AgentStack)(whole)
  t.strictSame(referencesOf(AgentStack, kept), before)
  t.strictSame(kept, {
    apiVersion: 'kradle.a5c.ai/v1alpha1',
    kind: 'AgentStack',
    metadata: { name: 'repairer', namespace: 'kradle-org-acme', uid: 'u', resourceVersion: '7' },
    spec: {
      runtimeIdentity: { serviceAccountRef: 'repairer' },
      permissionRefs: { secretGrants: ['model'] },
    },
  })
})

t.test('makes do with less', async t => {
  t.strictSame(namesOnly(AgentStack)(stack()), stack())
  const { references, ...bare } = AgentStack
  t.ok(references)
  t.strictSame(namesOnly(bare)(stack({ spec: { a: 1 } })), stack({ spec: {} }))
})
