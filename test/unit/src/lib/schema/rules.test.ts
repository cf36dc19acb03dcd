import t from 'tap'
import { compileSchema } from '#src/lib/schema/compile.ts'
import { Correlation } from '#src/lib/schema/correlation.ts'
import { ruleCauses } from '#src/lib/schema/rules.ts'

const rules = (...list: object[]) => ({ 'x-kubernetes-validations': list })
const text = { type: 'string' }

/** What the rules of `v` say. */
function said(schema: object, value: unknown, old?: unknown, ratchet = true): string[] {
  const node = compileSchema({ type: 'object', properties: { v: schema } })
  const [now, then] = [{ v: value }, old === undefined ? undefined : { v: old }]
  const correlation = then && ratchet ? new Correlation(now, then, node) : undefined
  return ruleCauses(now, node, then, correlation).map(
    ({ field, message }) => `${field}: ${message}`,
  )
}

t.test('a rule that holds says nothing, one that does not says why', async t => {
  const schema = { ...text, ...rules({ rule: 'self == "a"', message: ' must be a ' }) }
  t.strictSame(said(schema, 'a'), [])
  t.strictSame(said(schema, 'b'), ['v: Invalid value: "b": must be a'])
  t.strictSame(said({ ...schema, nullable: true }, null), [])
  t.strictSame(said({ ...text, ...rules({ rule: 'self == "a" ' }) }, 'b'), [
    'v: Invalid value: "b": failed rule: self == "a"',
  ])
})

t.test('where and for which reason is for the rule to say', async t => {
  const object = (rule: object) => ({
    type: 'object',
    properties: { a: text },
    ...rules({ rule: 'self.a == "x"', message: 'm', ...rule }),
  })
  t.strictSame(said(object({ fieldPath: '.a' }), { a: 'y' }), ['v.a: Invalid value: m'])
  t.strictSame(said(object({ reason: 'FieldValueForbidden' }), { a: 'y' }), ['v: Forbidden: m'])
  t.strictSame(said(object({ reason: 'FieldValueRequired' }), { a: 'y' }), ['v: Required value: m'])
  t.strictSame(said(object({ reason: 'FieldValueDuplicate' }), { a: 'y' }), ['v: Duplicate value'])
  t.strictSame(said(object({}), {}), [
    'v: Invalid value: "object": no such key: a evaluating rule: m',
  ])
  const root = compileSchema({
    type: 'object',
    ...rules({ rule: 'self.metadata.name == "x"' }, { rule: 'has(self.kind)', fieldPath: '.kind' }),
  })
  t.strictSame(
    ruleCauses({ metadata: { name: 'y' } }, root).map(({ field }) => field),
    ['<nil>', 'kind'],
  )
  t.match(ruleCauses({}, root), [{ field: '<nil>', message: /no such key: metadata/ }, {}])
})

t.test('an overload that is not there is explained', async t => {
  const schema = { 'x-kubernetes-int-or-string': true, ...rules({ rule: 'self > 1' }) }
  t.strictSame(said(schema, 'x'), [
    `v: Invalid value: "": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self > 1`,
  ])
})

t.test('a message may be computed', async t => {
  const schema = (messageExpression: string, message?: string) => ({
    ...text,
    ...rules({ rule: 'false', messageExpression, ...(message && { message }) }),
  })
  t.strictSame(said(schema('" not " + self + " "'), 'b'), ['v: Invalid value: "b": not b'])
  for (const expression of [
    '"a\\nb"',
    '" "',
    'self.split("-")[7]',
    '["x"].map(x, "0123456789").join("").replace("0", self)',
  ])
    t.strictSame(
      said(schema(expression, 'm'), 'b'.repeat(expression.startsWith('[') ? 6000 : 1)).map(s =>
        s.slice(-2),
      ),
      [' m'],
      expression,
    )
  t.strictSame(
    said({ type: 'integer', ...rules({ rule: 'false', messageExpression: 'self' }) }, 1),
    ['v: Invalid value: 1: failed rule: false'],
  )
})

t.test('a rule about a change waits for one', async t => {
  const schema = { ...text, ...rules({ rule: 'self == oldSelf', message: 'stays' }) }
  t.strictSame(said(schema, 'a'), [])
  t.strictSame(said(schema, 'a', 'a'), [])
  t.strictSame(said(schema, 'b', 'a'), ['v: Invalid value: "b": stays'])
  t.strictSame(said({ ...schema, nullable: true }, 'b', null), [])
  const optional = {
    ...text,
    ...rules({ rule: 'oldSelf.orValue("new") != "new"', optionalOldSelf: true, message: 'm' }),
  }
  t.strictSame(said(optional, 'a'), ['v: Invalid value: "a": m'])
  t.strictSame(said(optional, 'a', 'x'), [])
})

t.test('fields are followed, and items by their keys', async t => {
  const stays = { ...text, ...rules({ rule: 'self == oldSelf', message: 'stays' }) }
  const object = { type: 'object', properties: { a: stays, b: text } }
  t.strictSame(said(object, { a: 'x', b: 1, c: 1 }, { a: 'y' }), ['v.a: Invalid value: "x": stays'])
  t.strictSame(said(object, { a: 'x' }, {}), [])
  t.strictSame(said(object, { a: 'x' }, 'y'), [])
  t.strictSame(said({ type: 'object', additionalProperties: stays }, { k: 'x' }, { k: 'y' }), [
    'v[k]: Invalid value: "x": stays',
  ])
  t.strictSame(said({ type: 'object', additionalProperties: true }, { k: 'x' }), [])
  const map = {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['b'],
    items: object,
  }
  t.strictSame(
    said(
      map,
      [
        { b: '1', a: 'x' },
        { b: '2', a: 'x' },
      ],
      [{ b: '2', a: 'y' }],
    ),
    ['v[1].a: Invalid value: "x": stays'],
  )
  t.strictSame(said(map, [{ b: '1', a: 'x' }], 'x'), [])
  t.strictSame(said({ type: 'array', items: stays }, ['x'], ['y']), [])
  t.strictSame(said(text, ['x']), [])
})

t.test('what did not change is let through, unless the rule is about the change', async t => {
  const schema = {
    ...text,
    ...rules({ rule: 'self == "a"' }, { rule: 'self != oldSelf', message: 'moves' }),
  }
  t.strictSame(said(schema, 'b', 'b'), ['v: Invalid value: "b": moves'])
  t.strictSame(said(schema, 'b', 'b', false).length, 2)
  t.strictSame(said(schema, 'b', 'c').length, 1)
  const list = {
    type: 'array',
    items: { ...text, ...rules({ rule: 'self == "a"', message: 'm' }) },
  }
  t.strictSame(said(list, ['b'], ['b']), [], 'the list as a whole did not')
  t.strictSame(said(list, ['b', 'a'], ['b']), ['v[0]: Invalid value: "b": m'])
  const nested = { type: 'array', items: list }
  t.strictSame(said(nested, [['b']], [['b']]), [])
})

t.test('what an object is, is never old', async t => {
  const node = compileSchema({
    type: 'object',
    properties: { kind: { ...text, ...rules({ rule: 'self == "X"', message: 'm' }) } },
  })
  const object = { kind: 'Y' }
  t.equal(ruleCauses(object, node, object, new Correlation(object, object, node)).length, 1)
})

t.test('an embedded object knows its names', async t => {
  const pod = {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    ...rules({ rule: 'self.metadata.name != "x"', message: 'm' }),
  }
  t.strictSame(said(pod, { kind: 'Pod', metadata: { name: 'x' } }), ['v: Invalid value: m'])
})
