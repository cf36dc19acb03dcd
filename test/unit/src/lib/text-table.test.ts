import t from 'tap'
import { printable, textTable } from '#src/lib/text-table.ts'

t.test('columns are as wide as what is in them', async t => {
  const rows = [{ cells: ['a', 'long one', 'x'], below: ['  why'] }, { cells: ['long', 'b', ''] }]
  t.strictSame(textTable(['ONE', 'TWO', 'THREE'], rows), [
    'ONE    TWO        THREE',
    'a      long one   x',
    '  why',
    'long   b',
  ])
  t.strictSame(textTable(['ONE'], []), [])
})

t.test('nothing moves the cursor', async t => {
  t.equal(printable('a\u001b[2Jb\n\u2028\u202ec'), 'a\ufffd[2Jb\ufffd\ufffd\ufffdc')
  t.equal(printable('plain "text"'), 'plain "text"')
})
