import t from 'tap'
import type { UnknownObject } from '#src/api/object.ts'
import {
  bodyType,
  checkName,
  decoded,
  duplicateFields,
  inNamespace,
  readJson,
  readObject,
  yamlFaults,
} from '#src/apiserver/write/body.ts'
import type { WriteOptions } from '#src/apiserver/write/options.ts'
import { requestOf } from '#test/support/apiserver/gadgets.ts'
import { gadget } from '#test/support/apiserver/write-cases.ts'

const options = (fieldValidation: WriteOptions['fieldValidation'] = 'Warn'): WriteOptions => ({
  dryRun: false,
  fieldManager: '',
  fieldValidation,
  force: false,
})
const sent = (body: unknown, type = '', warnings: string[] = []) =>
  requestOf(
    'n',
    { says: '', method: 'POST', type },
    typeof body === 'string' ? body : JSON.stringify(body),
    warnings,
  )
const read = (body: unknown, validation?: WriteOptions['fieldValidation'], warnings?: string[]) =>
  readObject(sent(body, '', warnings), 'json', options(validation))
const bad = (message: string | RegExp) => ({ code: 400, reason: 'BadRequest', message })

t.test('the type of a body', async t => {
  t.equal(bodyType(sent('')), 'json')
  t.equal(bodyType(sent('', 'application/json')), 'json')
  t.equal(bodyType(sent('', 'application/yaml')), 'yaml')
  t.throws(() => bodyType(sent('', 'text/plain')), { code: 415 })
})

t.test('an object is pruned and filled in', async t => {
  const warnings: string[] = []
  t.strictSame(
    read(gadget('a', { what: 1 }), 'Warn', warnings),
    gadget('a', { size: 1 }) as UnknownObject,
  )
  t.strictSame(warnings, ['unknown field "spec.what"'])
  t.strictSame(
    read(gadget('a', { what: 1 }), 'Ignore', warnings),
    gadget('a', { size: 1 }) as UnknownObject,
  )
  t.equal(warnings.length, 1)
  t.throws(
    () =>
      read('{"apiVersion":"check.example.com/v1","kind":"Gadget","kind":"Gadget","x":1}', 'Strict'),
    bad(
      'Gadget in version "v1" cannot be handled as a Gadget: strict decoding error: duplicate field "kind", unknown field "x"',
    ),
  )
})

t.test('YAML too', async t => {
  const yaml = (
    text: string,
    validation?: WriteOptions['fieldValidation'],
    warnings: string[] = [],
  ) => readObject(sent(text, '', warnings), 'yaml', options(validation))
  const text = 'apiVersion: check.example.com/v1\nkind: Gadget\nkind: Gadget\n'
  const warnings: string[] = []
  t.strictSame(yaml(text, 'Warn', warnings), { apiVersion: 'check.example.com/v1', kind: 'Gadget' })
  t.strictSame(warnings, ['line 3: key "kind" already set in map'])
  t.throws(
    () => yaml(text, 'Strict'),
    bad(
      /strict decoding error: yaml: unmarshal errors:\n {2}line 3: key "kind" already set in map$/,
    ),
  )
  t.throws(
    () => yaml('a: ['),
    bad(/^the object provided is unrecognized .*yaml: line 1: .*\(613a205b\)$/),
  )
})

t.test('what is no object of the kind', async t => {
  const unrecognized = (why: string) =>
    bad(`the object provided is unrecognized (must be of type Gadget): ${why}`)
  const json = "couldn't get version/kind; json parse error: "
  t.throws(() => read(''), unrecognized(`${json}unexpected end of JSON input (<empty>)`))
  t.throws(
    () => read('x'),
    unrecognized(`${json}invalid character 'x' looking for beginning of value (78)`),
  )
  t.throws(() => read('null'), unrecognized("Object 'Kind' is missing in 'null' (6e756c6c)"))
  t.throws(() => read('{}'), unrecognized("Object 'Kind' is missing in '{}' ({})"))
  t.throws(() => read([]), bad(/cannot unmarshal array into Go value of type struct/))
  t.throws(
    () => read({ kind: 1 }),
    bad(/cannot unmarshal number into Go struct field \.kind of type string/),
  )
  t.throws(
    () => read({ kind: 'Gadget', apiVersion: 'a/b/c' }),
    bad(/unexpected GroupVersion string: a\/b\/c/),
  )
  t.throws(
    () => read(gadget('x'.repeat(99), {}, { labels: 1 })),
    bad(/^Gadget in version "v1" cannot be handled as a Gadget: json: cannot unmarshal number/),
  )
  t.throws(
    () => read({ kind: 'Gadget' }),
    bad(
      'the API version in the data () does not match the expected API version (check.example.com/v1)',
    ),
  )
})

t.test('what decoding refuses', async t => {
  t.throws(
    () =>
      decoded(() => {
        throw new TypeError('oops')
      }, Error),
    { name: 'TypeError' },
  )
  t.throws(
    () => readJson('['.repeat(9) + ']', why => new Error(why)),
    /^unexpected end of JSON input$/,
  )
  t.strictSame(duplicateFields('{"a":1,"a":2}'), ['duplicate field "a"'])
  t.strictSame(yamlFaults([], ''), [])
})

const within = (namespace?: string): UnknownObject =>
  ({
    ...gadget('a'),
    metadata: { name: 'a', ...(namespace !== undefined && { namespace }) },
  }) as unknown as UnknownObject

t.test('the namespace is that of the request', async t => {
  t.strictSame(inNamespace(within(), 'n'), within('n'))
  t.strictSame(inNamespace(within(''), 'n'), within('n'))
  t.strictSame(inNamespace(within('n'), 'n'), within('n'))
  t.strictSame(inNamespace(within('n'), ''), within())
  t.strictSame(inNamespace(within(), ''), within())
  t.throws(
    () => inNamespace(within('m'), 'n'),
    bad(/^the namespace of the provided object does not match/),
  )
})

t.test('the name is that of the URL', async t => {
  checkName(within(), 'a')
  t.throws(
    () => checkName(within(), 'b'),
    bad('the name of the object (a) does not match the name on the URL (b)'),
  )
  const bare = { apiVersion: 'v1', kind: 'Pod' } as UnknownObject
  t.throws(
    () => checkName(bare, 'b'),
    bad(/^the name of the object \(b based on URL\) was undeterminable/),
  )
})
