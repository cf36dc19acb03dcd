import t from 'tap'
import { parseLabelSelector } from '#src/apiserver/read/label-selector.ts'

const is = (key: string, operator: string, ...values: string[]) => ({ key, operator, values })

t.test('reads what kube-apiserver reads', async t => {
  const cases: [string, object[]][] = [
    ['', []],
    ['  ', []],
    ['x', [is('x', 'exists')]],
    ['!x', [is('x', '!')]],
    ['! x', [is('x', '!')]],
    ['x=a', [is('x', 'in', 'a')]],
    ['x==a', [is('x', 'in', 'a')]],
    ['x = a , y != b', [is('x', 'in', 'a'), is('y', 'notin', 'b')]],
    ['z,a', [is('a', 'exists'), is('z', 'exists')]],
    ['a,a', [is('a', 'exists'), is('a', 'exists')]],
    ['x=', [is('x', 'in', '')]],
    ['x=,y!=', [is('x', 'in', ''), is('y', 'notin', '')]],
    ['x in (b,a)', [is('x', 'in', 'a', 'b')]],
    ['x notin (a)', [is('x', 'notin', 'a')]],
    ['x in ()', [is('x', 'in', '')]],
    ['x in (,)', [is('x', 'in', '')]],
    ['x in (a,,b)', [is('x', 'in', '', 'a', 'b')]],
    ['x in (,a)', [is('x', 'in', '', 'a')]],
    ['x in (in,notin)', [is('x', 'in', 'in', 'notin')]],
    ['in in (in)', [is('in', 'in', 'in')]],
    ['x=in', [is('x', 'in', 'in')]],
    ['notin', [is('notin', 'exists')]],
    ['example.com/x\tin\n(a)', [is('example.com/x', 'in', 'a')]],
  ]
  for (const [text, want] of cases) t.strictSame(parseLabelSelector(text), want, text)
})

t.test('says what is wrong in its words', async t => {
  const cases: Record<string, string> = {
    ',': "found ',', expected: !, identifier, or 'end of string'",
    '=a': "found '=', expected: !, identifier, or 'end of string'",
    'x,': "found '', expected: identifier after ','",
    'x,=': "found '=', expected: identifier after ','",
    '!x=a': "found '=', expected: ',' or 'end of string'",
    'x=a b': "found 'b', expected: ',' or 'end of string'",
    'a b': "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
    '!': "unable to parse requirement: found '', expected: identifier",
    '!!x': "unable to parse requirement: found '!', expected: identifier",
    'x==!a': "unable to parse requirement: found '!', expected: identifier",
    'x in a': "unable to parse requirement: found 'a' expected: '('",
    'x in (a': "unable to parse requirement: found '', expected: ',' or ')'",
    'x in (a b)': "unable to parse requirement: found 'b', expected: ',' or ')'",
    'x > 3': "unable to parse requirement: '>' is not supported here",
    'x<3': "unable to parse requirement: '<' is not supported here",
  }
  for (const [text, message] of Object.entries(cases))
    t.throws(() => parseLabelSelector(text), { code: 400, reason: 'BadRequest', message }, text)
  t.throws(() => parseLabelSelector('a/b/c'), {
    message: /^unable to parse requirement: <nil>: Invalid value: "a\/b\/c": a valid label key /,
  })
  t.throws(() => parseLabelSelector('x in (ok,-a)'), {
    message: /^unable to parse requirement: values\[0\]\[x\]: Invalid value: "-a": a valid label /,
  })
})

t.test('does not take long for what is long', async t => {
  const start = Date.now()
  parseLabelSelector(`x in (${'a,'.repeat(30_000)}b)`)
  t.ok(Date.now() - start < 2_000)
})
