import t from 'tap'
import { authors, speaksForOthers } from '#webhooks/authors.ts'

t.test('says who made what, and who may say so for others', async t => {
  t.ok(authors.every(({ kind }) => kind.group === 'activity.kradle.a5c.ai'))
  t.ok(speaksForOthers({ username: 'system:serviceaccount:kradle-system:external-controller' }))
  t.notOk(speaksForOthers({ username: 'jane' }))
  t.notOk(speaksForOthers({}))
})
