import t from 'tap'
import { hooksOf } from '#src/apiserver/admission/webhook/hook.ts'

const of = (...webhooks: object[]) =>
  hooksOf({
    apiVersion: 'v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'c' },
    webhooks: webhooks.map(each => ({ name: 'h', clientConfig: {}, ...each })),
  })

t.test('reads webhooks, with what the API server fills in', async t => {
  t.match(of({}, { name: 'i' }), [
    {
      name: 'h',
      id: 'c/h/0',
      criteria: { rules: [] },
      conditions: [],
      ignoresFailures: false,
      isSafeOnDryRun: false,
      timeoutSeconds: 10,
      reviewVersions: [],
      isReinvocable: false,
    },
    { id: 'c/i/1' },
  ])
  t.match(
    of({
      rules: [{}],
      namespaceSelector: { matchLabels: { a: 'b' } },
      objectSelector: { matchLabels: { c: 'd' } },
      failurePolicy: 'Ignore',
      sideEffects: 'NoneOnDryRun',
      timeoutSeconds: 3,
      admissionReviewVersions: ['v1'],
      matchConditions: [{ name: 'x', expression: 'true' }],
      reinvocationPolicy: 'IfNeeded',
    }),
    [
      {
        criteria: { rules: [{}], namespaceSelector: { matchLabels: { a: 'b' } } },
        conditions: [{ source: 'true' }],
        ignoresFailures: true,
        isSafeOnDryRun: true,
        timeoutSeconds: 3,
        reviewVersions: ['v1'],
        isReinvocable: true,
      },
    ],
  )
  t.match(of({ sideEffects: 'None' }), [{ isSafeOnDryRun: true }])
  t.same(hooksOf({ apiVersion: 'v1', kind: 'C', metadata: { name: 'c' } }), [])
})
