import t from 'tap'
import { driftOf } from '#src/controllers/admission/drift.ts'

const wanted = {
  kind: 'X',
  metadata: { name: 'kradle' },
  webhooks: [{ name: 'a', failurePolicy: 'Fail', rules: [{ resources: ['teams'] }] }],
}
const live = (change: object) => ({
  ...wanted,
  metadata: { name: 'kradle', uid: 'x' },
  webhooks: [
    { ...wanted.webhooks[0], namespaceSelector: {}, matchPolicy: 'Equivalent', ...change },
  ],
})

t.test('sees none where only defaults and metadata differ', async t => {
  t.strictSame(driftOf(wanted, live({})), [])
})

const cases: Record<string, [object, string]> = {
  'a changed field': [{ failurePolicy: 'Ignore' }, 'webhooks[0].failurePolicy'],
  'a field that is gone': [{ failurePolicy: undefined }, 'webhooks[0].failurePolicy'],
  'a selector that somebody added': [
    { namespaceSelector: { matchLabels: { safe: 'yes' } } },
    'webhooks[0].namespaceSelector',
  ],
  'an item too much': [{ rules: [{ resources: ['teams'] }, {}] }, 'webhooks[0].rules'],
  'a changed item': [{ rules: [{ resources: ['users'] }] }, 'webhooks[0].rules[0].resources[0]'],
}
for (const [name, [change, path]] of Object.entries(cases))
  t.test(`sees ${name}`, async t => {
    t.strictSame(driftOf(wanted, live(change)), [path])
  })
