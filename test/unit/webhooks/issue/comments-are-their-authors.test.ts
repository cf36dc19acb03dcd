import t from 'tap'
import { Issue } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { controller, write } from '#test/fixtures-activity.ts'
import { accessOf, noAccess } from '#webhooks/access.ts'
import rule from '#webhooks/issue/comments-are-their-authors.ts'

const comment = (id: string, author: string | undefined, body = 'x') => ({ id, author, body })
const update = (now: unknown[], before: unknown[], as = 'jane') =>
  write('UPDATE', Issue, { 'spec.comments': now }, { as, before: { 'spec.comments': before } })
const judged = (...args: Parameters<typeof update>) =>
  rule.decide(update(...args), cluster(), noAccess)

t.test('takes what its author says, changes and takes back', async t => {
  const mine = comment('a', 'jane')
  t.strictSame(judged([mine], []), [])
  t.strictSame(judged([comment('a', 'jane', 'y')], [mine]), [])
  t.strictSame(judged([], [mine]), [])
  t.strictSame(judged([mine, comment('b', 'joe')], [comment('b', 'joe')]), [])
  const create = write('CREATE', Issue, { 'spec.comments': [mine] })
  t.strictSame(rule.decide(create, cluster(), noAccess), [])
})

t.test('refuses words in the name of others', async t => {
  for (const author of ['joe', undefined])
    t.match(judged([comment('a', author)], []), [
      { rule: 'R227', field: 'spec.comments[a]', problem: /is not who says this, "jane"/ },
    ])
  const his = comment('a', 'joe')
  t.match(judged([comment('a', 'joe', 'y')], [his]), [{ value: 'joe', problem: /said this/ }])
  t.match(judged([comment('a', 'jane', 'y')], [his]), [{ value: 'joe' }], 'nor taken over')
  t.match(judged([comment('a', 'joe', 'y')], [comment('a', 'jane')]), [{ value: 'jane' }])
})

t.test('what others said is taken away by who may delete the issue', async t => {
  const taking = update([], [comment('a', 'joe')])
  const asked = rule.reviews(taking)
  t.match(asked, [{ verb: 'delete', resource: 'issues', name: 'upload-fails' }])
  const answered = (allowed: boolean) => accessOf(asked.map(review => [review, allowed]))
  t.strictSame(rule.decide(taking, cluster(), answered(true)), [])
  t.match(rule.decide(taking, cluster(), answered(false)), [
    { field: 'spec.comments[a]', value: 'joe', problem: /it is missing/ },
  ])
  t.strictSame(rule.reviews(update([], [])), [])
})

t.test('controllers bring what was said at a provider', async t => {
  const as = controller('external-controller')
  t.strictSame(judged([], [comment('a', 'joe')], as), [])
  t.strictSame(rule.reviews(update([], [comment('a', 'joe')], as)), [])
})
