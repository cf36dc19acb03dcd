import t from 'tap'
import { fullRef, operationOf, rewritesHistory } from '#src/permissions/ref-update/update.ts'
import { bare, NONE, update } from '#test/fixtures-refs.ts'

t.test('zeros stand for a ref that is not there', async t => {
  t.equal(operationOf(update()), 'update')
  t.equal(operationOf(update({ oldCommit: NONE })), 'create')
  t.equal(operationOf(update({ newCommit: NONE })), 'delete')
  t.equal(operationOf(update({ newCommit: '0'.repeat(64) })), 'delete')
  t.equal(operationOf(update({ oldCommit: NONE, newCommit: NONE })), 'delete')
})

t.test('history is rewritten unless it is said that it is not', async t => {
  t.equal(rewritesHistory(update()), false)
  t.equal(rewritesHistory(update({ fastForward: false })), true)
  t.equal(rewritesHistory(bare()), true)
  t.equal(rewritesHistory(bare({ oldCommit: NONE })), false)
  t.equal(rewritesHistory(bare({ newCommit: NONE })), false)
})

t.test('a name without refs/ is a branch', async t => {
  t.equal(fullRef('main'), 'refs/heads/main')
  t.equal(fullRef('refs/tags/v1'), 'refs/tags/v1')
})
