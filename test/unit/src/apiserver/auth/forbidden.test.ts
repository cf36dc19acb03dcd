import t from 'tap'
import { forbidden } from '#src/apiserver/auth/forbidden.ts'

// The messages were taken from kube-apiserver 1.36.3 (test/integration/activity-auth.test.ts asks it again).
const jane = { username: 'jane' }
const cases = {
  'pods "x" is forbidden: User "jane" cannot get resource "pods" in API group "" in the namespace "n"':
    forbidden(jane, { verb: 'get', resource: 'pods', namespace: 'n', name: 'x' }, ''),
  'runs.g is forbidden: User "jane" cannot list resource "runs" in API group "g" at the cluster scope':
    forbidden(jane, { verb: 'list', group: 'g', resource: 'runs' }, ''),
  'runs.g "x" is forbidden: User "jane" cannot patch resource "runs/status" in API group "g" in the namespace "n": because <it>':
    forbidden(
      jane,
      {
        verb: 'patch',
        group: 'g',
        resource: 'runs',
        subresource: 'status',
        namespace: 'n',
        name: 'x',
      },
      'because <it>',
    ),
  'forbidden: User "jane" cannot get path "/metrics"': forbidden(
    jane,
    { verb: 'get', path: '/metrics' },
    '',
  ),
  'forbidden: User "a &lt;b&gt; &amp; \\"c\\"" cannot get path "/"': forbidden(
    { username: 'a <b> & "c"' },
    { verb: 'get', path: '/' },
    '',
  ),
  'forbidden: User "" cannot get path "/"': forbidden({}, { verb: 'get', path: '/' }, ''),
}
for (const [message, error] of Object.entries(cases))
  t.test(message, async t => {
    t.match(error, { code: 403, reason: 'Forbidden', message })
  })

t.test('the details name what was asked for', async t => {
  const details = (attributes: Parameters<typeof forbidden>[1]) =>
    forbidden(jane, attributes, '').details
  t.strictSame(details({ verb: 'get', group: 'g', resource: 'runs', name: 'x' }), {
    name: 'x',
    group: 'g',
    kind: 'runs',
  })
  t.strictSame(details({ verb: 'list', resource: 'pods' }), { kind: 'pods' })
  t.strictSame(details({ verb: 'get', path: '/' }), {})
})
