import t from 'tap'
import { counting } from '#src/lib/schema/dynamic/guard.ts'
import { come } from '#test/support/dynamic-cel.ts'

const loops = (times: number) =>
  `object.map(a, object.map(b, object.all(c, c ${times > 0 ? '>=' : '<'} 0))).size()`

t.test('loops end', async t => {
  const object = Array.from({ length: 130 }, () => 1)
  t.match(come(loops(1), object), /cost limit exceeded/)
  t.equal(come(loops(0), object), 130, 'each expression counts for itself')
  t.equal(come('object.all(x, object.exists(y, y == x))', object), true)
})

t.test('what is within counts with what is around it', async t => {
  const object = Array.from({ length: 900 }, () => 1)
  const most = 'object.all(a, object.all(b, b == a))'
  t.equal(come(most, object), true)
  t.match(
    counting(() => [come(most, object), come(most, object)]),
    [true, /cost limit exceeded/],
  )
})
