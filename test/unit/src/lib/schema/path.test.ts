import t from 'tap'
import { child, keyed } from '#src/lib/schema/path.ts'

t.test('paths are written as the API server writes them', async t => {
  t.equal(child('', 'spec'), 'spec')
  t.equal(child('spec', 'keys'), 'spec.keys')
  t.equal(keyed('spec.keys', 0), 'spec.keys[0]')
  t.equal(keyed('spec.labels', 'a/b'), 'spec.labels[a/b]')
})
