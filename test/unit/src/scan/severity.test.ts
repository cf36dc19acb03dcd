import t from 'tap'
import { severityOf } from '#src/scan/severity.ts'

t.test('what keeps somebody out is high, advice is low', async t => {
  t.equal(severityOf('pod/keys-are-granted', 'fail'), 'high')
  t.equal(severityOf('org-scoped/namespace-is-bound', 'error'), 'high')
  t.equal(severityOf('org-scoped/name-is-normalised', 'fail'), 'medium')
  t.equal(severityOf('schema', 'fail'), 'medium')
  t.equal(severityOf('pod/keys-are-granted', 'warn'), 'low')
})
