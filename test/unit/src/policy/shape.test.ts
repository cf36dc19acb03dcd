import t from 'tap'
import { isTemplate } from '#src/policy/shape.ts'
import { template } from '#test/fixtures-policy.ts'

t.test('knows a template from what its definition refuses', async t => {
  const { spec } = template()
  t.ok(isTemplate({ spec }))
  t.ok(
    isTemplate({ spec: { ...spec, parameters: [{ name: 'x', type: 'string', required: false }] } }),
  )
  for (const wrong of [
    undefined,
    {},
    { ...spec, kyverno: { ...spec.kyverno, type: 'Teaching' } },
    { ...spec, kyverno: { type: 'Validating', spec: [] } },
    { ...spec, targetKinds: 'Pod' },
    { ...spec, targetKinds: [1] },
    { ...spec, parameters: {} },
    { ...spec, parameters: [{ name: 'x', type: 'toString' }] },
    { ...spec, parameters: [null] },
  ])
    t.notOk(isTemplate({ spec: wrong }), JSON.stringify(wrong))
})
