import t from 'tap'
import type { Namespace } from '#src/api/core/v1.ts'
import { checkNamespace } from '#src/apiserver/admission/namespace-lifecycle.ts'
import { attributesFor } from '#test/support/activity-admission/attributes.ts'

const namespaces = (phase?: 'Active' | 'Terminating') => ({
  get: async (name: string): Promise<Namespace | undefined> =>
    phase && { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase } },
})

t.test('nothing is written where there is no namespace', async t => {
  for (const operation of ['CREATE', 'UPDATE'] as const)
    await t.rejects(checkNamespace(attributesFor({ operation }), namespaces()), {
      code: 404,
      reason: 'NotFound',
      message: 'namespaces "red" not found',
    })
  await checkNamespace(attributesFor({ operation: 'DELETE' }), namespaces())
  await checkNamespace(attributesFor({ namespace: '' }), namespaces())
})

t.test('nothing new where it is going', async t => {
  await checkNamespace(attributesFor(), namespaces('Active'))
  await checkNamespace(attributesFor({ operation: 'UPDATE' }), namespaces('Terminating'))
  await t.rejects(checkNamespace(attributesFor(), namespaces('Terminating')), {
    code: 403,
    message:
      'things.shadow.example.com "one" is forbidden: unable to create new content in namespace red because it is being terminated',
    details: { causes: [{ reason: 'NamespaceTerminating', field: 'metadata.namespace' }] },
  })
})
