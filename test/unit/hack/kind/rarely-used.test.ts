import { existsSync } from 'node:fs'
import t from 'tap'
import { explanationOf, rarelyUsed } from '#hack/kind/rarely-used.ts'

t.test('every explanation names code that is there', async t => {
  for (const { by } of rarelyUsed) t.ok(existsSync(by), by)
})

t.test('a right is explained for the accounts that have the code', async t => {
  const tokens = 'create tokenreviews.authentication.k8s.io'
  t.equal(explanationOf('apiserver', tokens)?.by, 'src/apiserver/auth/delegated.ts')
  t.equal(explanationOf('webhook', tokens), undefined)
  t.equal(explanationOf('webhook', 'get secrets'), undefined)
  t.equal(explanationOf('webhook', 'get secrets in kradle-org-*')?.by, 'src/admission/snapshot.ts')
  t.equal(explanationOf('hooks-controller', 'patch events')?.by, 'src/lib/events.ts')
})
