import t from 'tap'
import { Pod } from '#src/api/core/v1.ts'
import { kinds } from '#src/api/kinds.ts'
import { Team } from '#src/api/identity/v1alpha1.ts'
import { schemasIn } from '#src/check/schemas.ts'

const schemas = schemasIn('crds')

t.test('every kind of ours can be evaluated', async t => {
  for (const kind of kinds) t.ok(schemas(kind), kind.kind)
})

t.test('a definition is compiled once, and of other kinds there is none', async t => {
  t.equal(schemas(Team), schemas(Team))
  t.equal(schemas(Pod), undefined)
})
