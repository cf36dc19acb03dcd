import t from 'tap'
import { come } from '#test/support/dynamic-cel.ts'

t.test('finds', async t => {
  t.equal(come("'a12'.find('[0-9]+')"), '12')
  t.equal(come("'a'.find('[0-9]+')"), '')
  t.same(come("'a1b2'.findAll('[0-9]')"), ['1', '2'])
  t.same(come("'a1b2'.findAll('[0-9]', 1)"), ['1'])
  t.same(come("'a1b2'.findAll('[0-9]', -1)"), ['1', '2'])
})
