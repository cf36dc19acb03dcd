import t from 'tap'
import { checkFields, exactly, parseFieldSelector } from '#src/apiserver/read/field-selector.ts'
import { testResource } from '#test/support/activity-memory.ts'

const is = (field: string, operator: string, value: string) => ({ field, operator, value })

t.test('reads what kube-apiserver reads', async t => {
  const cases: [string, object[]][] = [
    ['', []],
    [',,', []],
    ['=', []],
    [',metadata.name=a', [is('metadata.name', '=', 'a')]],
    ['metadata.name=a', [is('metadata.name', '=', 'a')]],
    ['b==2,a!=1,', [is('a', '!=', '1'), is('b', '=', '2')]],
    ['a=', [is('a', '=', '')]],
    ['=x', [is('', '=', 'x')]],
    ['a=b c', [is('a', '=', 'b c')]],
    [String.raw`a=x\,y\=z\\`, [is('a', '=', String.raw`x,y=z` + '\\')]],
  ]
  for (const [text, want] of cases) t.strictSame(parseFieldSelector(text), want, text)
})

t.test('says what is wrong in its words', async t => {
  const cases: Record<string, string> = {
    a: "invalid selector: 'a'; can't understand 'a'",
    'a=b=c': 'invalid field selector: unescaped character in value: 61',
    [String.raw`a=\x`]: String.raw`invalid field selector: invalid escape sequence: \x`,
    ['a=b\\']: 'invalid field selector: invalid escape sequence: \\',
  }
  for (const [text, message] of Object.entries(cases))
    t.throws(() => parseFieldSelector(text), { code: 400, message }, text)
})

t.test('only some fields can be selected by', async t => {
  const check = (field: string, namespaced = true) =>
    checkFields(testResource('notes', namespaced), parseFieldSelector(`${field}=x`))
  for (const field of ['metadata.name', 'metadata.namespace', 'spec.colour'])
    t.doesNotThrow(() => check(field))
  t.throws(() => check('spec.text'), { code: 400, message: 'field label not supported: spec.text' })
  t.throws(() => check('metadata.namespace', false), {
    message: 'field label not supported: metadata.namespace',
  })
})

t.test('finds the one value', async t => {
  const requirements = parseFieldSelector('metadata.name!=b,metadata.name=a')
  t.equal(exactly(requirements, 'metadata.name'), 'a')
  t.equal(exactly(requirements, 'spec.colour'), undefined)
})
