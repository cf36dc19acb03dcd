import t from 'tap'
import { desugar, desugared } from '#src/lib/schema/dynamic/desugar.ts'

t.test('writes optional selection and indexing as calls', async t => {
  t.equal(desugar('a.?b.c'), 'a.optional_select__("b").c')
  t.equal(desugar('a . ? b'), 'a .optional_select__("b")')
  t.equal(desugar("a[?'k'].?b"), `a.optional_index__('k').optional_select__("b")`)
  t.equal(desugar('a[ ?b[0]]'), 'a.optional_index__(b[0])')
  t.equal(desugar('f(x)[?0][?1]'), 'f(x).optional_index__(0).optional_index__(1)')
})

t.test('marks optional elements of lists and maps', async t => {
  t.equal(desugar('[?a, b, ?c]'), '[optional_element__(a), b, optional_element__(c)]')
  t.equal(desugar("{?'a': x, 'b': y ? 1 : 2}"), "{optional_element__('a'): x, 'b': y ? 1 : 2}")
  t.equal(desugar("{'a': 1, ?f(x): y}"), "{'a': 1, optional_element__(f(x)): y}")
})

t.test('leaves everything else alone', async t => {
  for (const source of [
    'a ? b : c',
    'x in [1, 2]',
    "'.?b [?x]' + \"{?a}\" + r'\\' + '''it's .?x''' + b'x'",
    'a // [?b] .?c\n && d',
    'a[0] ? [b] : {}',
    '[a ? 1 : 2, f(b ? 1 : 2, c)]',
    '0x1F + 1.5e3 - 7u',
    String.raw`'\'.?x'`,
  ])
    t.equal(desugar(source), source)
})

t.test('hands on what is no CEL', async t => {
  for (const source of ['a]', ')', '}', 'a.?', '[?', ', ,', "'open"]) t.ok(desugar(source))
})

t.test('leads back to where things stood', async t => {
  const source = 'a.?b == [?c, d]'
  const { text, originOf } = desugared(source)
  for (const name of ['==', 'c', 'd'])
    t.equal(originOf(text.indexOf(name, 20)), source.indexOf(name))
  t.equal(originOf(text.indexOf('optional_select__')), source.indexOf('.?'))
  t.equal(desugared('').originOf(0), 0)
})
