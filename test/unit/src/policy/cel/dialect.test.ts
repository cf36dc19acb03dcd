import t from 'tap'
import { compileDynamic } from '#src/lib/schema/dynamic/expression.ts'
import { celValue } from '#src/lib/schema/dynamic/values.ts'
import { at, kyverno } from '#src/policy/cel/dialect.ts'

const says = (source: string) => {
  const outcome = at(new Date('2026-11-21T12:00:00.250Z'), () =>
    compileDynamic(source, ['object', 'json'], kyverno).evaluate({
      object: celValue({ a: 1, none: null, text: 'x' }),
      json: celValue({}),
    }),
  )
  return 'error' in outcome ? outcome.error : outcome.value
}

t.test('knows the functions of Kyverno that are the same everywhere', async t => {
  for (const source of [
    "time.now() == timestamp('2026-11-21T12:00:00.25Z')",
    "sha256('a') == hash.sha256('a') && md5('a') == '0cc175b9c0f1b6a831c399e269772661'",
    "hash.sha1('é').startsWith('bf15be71')",
    `json.unmarshal('{"a": 1, "b": [true, null, "x"]}') == {'a': 1.0, 'b': [true, null, 'x']}`,
    "base64.encode(b'abc') == 'YWJj' && base64.decode('YWJj') == b'abc'",
    "parseServiceAccount('system:serviceaccount:a:b:c').Namespace == 'a'",
    "user.parseServiceAccount('system:serviceaccount:a:b:c').Name == 'b:c'",
    "parseServiceAccount('jane').Name == ''",
  ])
    t.equal(says(source), true, source)
  t.equal(says("json.unmarshal('{')"), 'the text is no JSON')
})

t.test('what is no optional is its own value', async t => {
  t.equal(says('object.a.orValue(2)'), 1n)
  t.equal(says('object.?b.orValue(2)'), 2n)
  t.equal(says('object.?none.orValue(2)'), null)
})

t.test('gives names to values', async t => {
  t.equal(says('cel.bind(x, object.a + 1, x + x)'), 4n)
  t.throws(() => compileDynamic('cel.bind(1, 2, 3)', [], kyverno))
  t.throws(() => compileDynamic('cel.other(x, 2, 3)', [], kyverno))
})
