import t from 'tap'
import { syntaxFault } from '#src/policy/cel/syntax.ts'

t.test('has nothing against what is closed, in texts and comments neither', async t => {
  for (const source of [
    '(a[0] == {"b": 1})',
    String.raw`'(' + "[\"" + """ { " """ + '''it's [''' + r"\" + b')'`,
    'a // (\n && b // ]',
    'constructor(toString)',
  ])
    t.equal(syntaxFault(source), undefined, source)
})

t.test('says what is open, and where', async t => {
  t.match(syntaxFault(' '), { line: 1, column: 1, problem: 'the expression is empty' })
  t.match(syntaxFault('a &&\n size(b'), {
    line: 2,
    column: 6,
    problem: '"(" is not closed',
    fix: 'close it with ")"',
  })
  t.match(syntaxFault('a)'), { column: 2, problem: 'nothing is opened that ")" would close' })
  t.match(syntaxFault('(a]'), { column: 3, problem: '"]" closes no "("', fix: 'write ")"' })
  t.match(syntaxFault("a == 'b"), {
    column: 6,
    problem: /does not end on its line/,
    fix: "close it with '",
  })
})
