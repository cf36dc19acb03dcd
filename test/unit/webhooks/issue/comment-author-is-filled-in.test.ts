import t from 'tap'
import { Issue } from '#src/api/activity/v1alpha1.ts'
import { cluster } from '#test/fixtures.ts'
import { write } from '#test/fixtures-activity.ts'
import mutation from '#webhooks/issue/comment-author-is-filled-in.ts'

const said = {
  id: 'first',
  body: 'It happens on the train.',
  author: 'joe',
  createdAt: '2026-01-01T00:00:00Z',
}

t.test('writes who says it and when', async t => {
  const { spec } = mutation.apply(write('CREATE', Issue), cluster())
  t.strictSame(spec!['comments'], [{ ...said, author: 'jane', createdAt: '2026-11-21T12:00:00Z' }])
})

t.test('what was there keeps what it had', async t => {
  const { author, createdAt, ...bare } = said
  const comments = [bare, { id: 'second', body: 'Here too.' }, 'odd']
  const update = write(
    'UPDATE',
    Issue,
    { 'spec.comments': comments },
    { before: { 'spec.comments': [said] } },
  )
  t.match(mutation.apply(update, cluster()).spec!['comments'], [
    { id: 'first', author, createdAt },
    { id: 'second', author: 'jane' },
    'odd',
  ])
})

t.test('leaves alone what is complete', async t => {
  for (const comments of [[said], undefined, ['odd']]) {
    const create = write('CREATE', Issue, { 'spec.comments': comments })
    t.equal(mutation.apply(create, cluster()), create.object)
  }
})
