import t from 'tap'
import { complete } from '#src/check/complete.ts'
import { schemasIn } from '#src/check/schemas.ts'

const schemas = schemasIn('crds')
const kradle = (kind: string, spec: Record<string, unknown>, namespace = 'kradle-org-acme') => ({
  apiVersion: 'kradle.a5c.ai/v1alpha1',
  kind,
  metadata: { name: 'x', namespace },
  spec,
})

t.test('fills in what the API server would have, of what policies are made of', async t => {
  const binding = kradle('PolicyBinding', { templateRef: 'x', mode: 'audit' })
  t.match(complete(binding, schemas), {
    metadata: binding.metadata,
    spec: { organizationRef: 'acme', templateRef: 'x', mode: 'audit', suspend: false },
  })
  t.match(complete(kradle('PolicyProfile', { mode: 'mixed' }), schemas), {
    spec: { auditDays: 14, exceptions: { maxDurationDays: 30 } },
  })
  const template = complete(kradle('PolicyTemplate', { targetKinds: [] }, 'kradle-system'), schemas)
  t.equal(template.spec?.['organizationRef'], undefined, 'of the platform')
  t.equal(template.spec?.['severity'], 'medium')
})

t.test('leaves the rest as it is', async t => {
  const team = kradle('Team', { displayName: 'X' })
  t.equal(complete(team, schemas), team)
  const { namespace: _, ...metadata } = team.metadata
  const other = { ...kradle('PolicyBinding', {}), apiVersion: 'v1' }
  t.equal(complete(other, schemas), other)
  const bare = { ...kradle('PolicyBinding', { organizationRef: 'x' }), metadata }
  t.match(complete(bare, schemas), { spec: { organizationRef: 'x' } })
  t.equal(
    complete(bare, () => undefined),
    bare,
  )
})
