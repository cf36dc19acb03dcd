import t from 'tap'
import { isAsWeLeftIt } from '#src/controllers/grants/as-we-left-it.ts'
import { appliedFields, serviceAccount } from '#test/fixtures-agents.ts'

t.test('knows what its own Deployment applied', async t => {
  const managedFields = [appliedFields('rules')]
  t.ok(isAsWeLeftIt(serviceAccount('x', {}, { managedFields }), 'rules'))
  t.notOk(isAsWeLeftIt(serviceAccount(), 'rules'))
})
