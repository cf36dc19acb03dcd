import t from 'tap'
import { Issue } from '#src/api/activity/v1alpha1.ts'
import { objectOf, request } from '#test/fixtures.ts'
import { commentsOf } from '#webhooks/comments.ts'

t.test('finds comments by their ids, whatever else stands there', async t => {
  const of = (comments: unknown) =>
    commentsOf(
      request(
        'CREATE',
        Issue,
        objectOf(Issue, { metadata: { name: 'a' }, spec: { comments } } as never),
      ).object,
    )
  const first = { id: 'first', body: 'x' }
  t.strictSame([...of([first, { body: 'y' }, 'z', null])], [['first', first]])
  t.equal(of(undefined).size, 0)
  t.equal(commentsOf(undefined).size, 0)
})
