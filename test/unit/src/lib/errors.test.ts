import t from 'tap'
import { KradleError } from '#src/lib/errors.ts'

t.test('bears a code, a message and a cause', async t => {
  const cause = new Error('below')
  const error = new KradleError('LeaseLost', 'gone', { cause })
  t.match(error, { name: 'KradleError', code: 'LeaseLost', message: 'gone', cause })
  t.ok(error instanceof Error)
})
