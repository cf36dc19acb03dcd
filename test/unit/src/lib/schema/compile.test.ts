import t from 'tap'
import { compileSchema, Uncompilable } from '#src/lib/schema/compile.ts'

const problemsOf = (schema: unknown): readonly string[] => {
  try {
    compileSchema(schema)
    return []
  } catch (error) {
    if (!(error instanceof Uncompilable)) throw error
    return error.problems
  }
}
const at = (schema: unknown) => problemsOf({ type: 'object', properties: { a: schema } })

t.test('takes everything the API server takes from our definitions', async t => {
  const node = compileSchema({
    type: 'object',
    description: 'd',
    required: ['a'],
    properties: {
      a: {
        type: 'string',
        title: 't',
        example: 1,
        externalDocs: {},
        default: 'x',
        format: 'date',
        pattern: '^.',
        maxLength: 3,
      },
      b: {
        type: 'array',
        items: { type: 'string' },
        'x-kubernetes-list-type': 'set',
        default: null,
      },
      c: {
        type: 'object',
        additionalProperties: { type: 'integer' },
        'x-kubernetes-map-type': 'granular',
      },
      d: { type: 'object', additionalProperties: true },
    },
  })
  const a = node.properties!.get('a')!
  t.match(a, { type: 'string', default: 'x', format: 'date', limits: { maxLength: 3 }, rules: [] })
  t.equal(a.pattern?.source, '^.')
  t.match(node.properties!.get('b'), { listType: 'set', default: undefined })
  t.strictSame(node.required, ['a'])
})

t.test('refuses what it cannot evaluate, with its path', async t => {
  t.strictSame(problemsOf('x'), [
    'the schema: is no schema',
    'the schema: "type" has to be one of object, array, string, integer, number, boolean',
  ])
  t.match(at({}), [/^a: "type" has to be one of/])
  t.match(at({ type: 'text' }), [/^a: "type" has to be one of/])
  t.match(at({ type: 'text', 'x-kubernetes-preserve-unknown-fields': true }), [/^a: "type"/])
  t.strictSame(at({ type: 'string', anyOf: [] }), ['a: "anyOf" is not known here'])
  t.strictSame(at({ type: 'string', constructor: 1 }), ['a: "constructor" is not known here'])
  t.strictSame(at({ type: 'string', maxLength: 'x' }), ['a: "maxLength" cannot be "x"'])
  t.strictSame(at({ type: 'object', additionalProperties: false }), [
    'a: "additionalProperties" cannot be false',
  ])
  t.strictSame(at({ type: 'array', 'x-kubernetes-list-type': 'bag' }), [
    'a: "x-kubernetes-list-type" cannot be "bag"',
  ])
  t.strictSame(at({ type: 'string', nullable: 1 }), ['a: "nullable" cannot be 1'])
  t.strictSame(at({ type: 'object', required: [1] }), ['a: "required" cannot be [1]'])
  t.strictSame(at({ type: 'string', format: 'uri' }), ['a: format "uri" cannot be checked here'])
  t.match(at({ type: 'string', pattern: '(?=x)' }), [/^a: pattern "\(\?=x\)": /])
  t.match(at({ type: 'array', items: { type: 'x' } }), [/^a\[\]: "type"/])
  t.match(at({ type: 'object', additionalProperties: { type: 'x' } }), [/^a\[\]: "type"/])
})

t.test('refuses rules that it cannot evaluate', async t => {
  const rule = (fields: object) => at({ type: 'string', 'x-kubernetes-validations': [fields] })
  t.strictSame(
    rule({
      rule: 'self == "a"',
      message: 'm',
      messageExpression: '"a"',
      reason: 'FieldValueForbidden',
      optionalOldSelf: true,
    }),
    [],
  )
  t.strictSame(rule({}), ['a: rule undefined: rule has to be a string'])
  t.strictSame(rule({ rule: 'true', message: 1 }), ['a: rule "true": message has to be a string'])
  t.strictSame(rule({ rule: 'true', reason: 'Because' }), [
    'a: rule "true": reason "Because" is not known',
  ])
  t.match(rule({ rule: 'nope(self)' }), [
    /^a: rule "nope\(self\)": there is no function or macro 'nope' here/,
  ])
  t.match(rule({ rule: 'true', messageExpression: 'nope' }), [/undeclared reference to 'nope'/])
  t.match(rule({ rule: 'true', fieldPath: '.a' }), [/there is no field 'a'/])
})

t.test('the object itself and embedded ones have names, others have not', async t => {
  const named = {
    type: 'object',
    'x-kubernetes-validations': [{ rule: 'self.metadata.name == "a"' }],
  }
  t.strictSame(problemsOf(named), [])
  t.strictSame(at({ ...named, 'x-kubernetes-embedded-resource': true }), [])
  t.match(at(named), [/undefined field 'metadata'/])
})
