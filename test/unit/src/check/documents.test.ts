import t from 'tap'
import { documentsIn } from '#src/check/documents.ts'

t.test('gives the manifests of a file and where they begin', async t => {
  const text = '# a comment\nkind: A\n---\n---\n\nkind: B\n'
  t.strictSame(documentsIn('x.yaml', text), [
    { file: 'x.yaml', line: 2, value: { kind: 'A' } },
    { file: 'x.yaml', line: 6, value: { kind: 'B' } },
  ])
  t.strictSame(documentsIn('x.json', '{"kind": "A"}'), [
    { file: 'x.json', line: 1, value: { kind: 'A' } },
  ])
})

t.test('finds nothing where there is nothing', async t => {
  for (const text of ['', '\n', '# only a comment\n', '---\n', 'null\n'])
    t.strictSame(documentsIn('x.yaml', text), [], JSON.stringify(text))
})

t.test('takes the items of a List one by one', async t => {
  const text = 'apiVersion: v1\nkind: List\nitems:\n  - kind: A\n  - kind: B\n'
  t.match(documentsIn('x.yaml', text), [
    { line: 1, value: { kind: 'A' } },
    { line: 1, value: { kind: 'B' } },
  ])
  const nested = 'kind: List\nitems: [{kind: List, items: [{kind: A}, {kind: B}]}, text, null]\n'
  t.match(documentsIn('x.yaml', nested), [
    { value: { kind: 'A' } },
    { value: { kind: 'B' } },
    { value: 'text' },
    { value: null },
  ])
  t.match(documentsIn('x.yaml', 'kind: List\nitems: none\n'), [{ value: { kind: 'List' } }])
  t.match(documentsIn('x.yaml', 'some text'), [{ value: 'some text' }])
})

t.test('says what it cannot read, and where', async t => {
  t.match(documentsIn('x.yaml', 'kind: A\nspec: [1, 2\n'), [
    { line: 3, value: undefined, problem: /Flow sequence/ },
  ])
  t.match(documentsIn('x.yaml', 'kind: A\nkind: B\n'), [
    { line: 2, problem: 'Map keys must be unique at line 2, column 1' },
  ])
  t.match(documentsIn('x.yaml', 'a: *nobody\n'), [{ problem: /alias|anchor/i }])
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
  for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe'])
    bomb.push(`${name}: &${name} [${`*${of},`.repeat(10).slice(0, -1)}]`)
  t.match(documentsIn('x.yaml', bomb.join('\n')), [{ problem: /resource exhaustion|alias/i }])
})

t.test('refuses what JSON cannot hold, and reads on', async t => {
  for (const [value, problem] of [
    ['.inf', /^Infinity is not a number that JSON can hold/],
    ['-.inf', /^-Infinity is not a number/],
    ['[{b: .nan}]', /^NaN is not a number/],
    [`${'['.repeat(600)}${']'.repeat(600)}`, /^is nested too deeply/],
    [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, /^is nested too deeply/],
    ['&a [*a, *a]', /contains itself/],
    ['&a {b: {c: *a}}', /contains itself/],
  ] as const)
    t.match(
      documentsIn('x.yaml', `kind: A\n---\na: ${value}\n---\nkind: B\n`),
      [{ value: { kind: 'A' } }, { line: 3, value: undefined, problem }, { value: { kind: 'B' } }],
      value.slice(0, 20),
    )
  const deep = `${'['.repeat(400)}${']'.repeat(400)}`
  t.notMatch(documentsIn('x.yaml', `a: ${deep}`), [{ problem: /./ }])
})

t.test('shares nothing between the places that an alias is used in', async t => {
  const [{ value } = { value: undefined }] = documentsIn('x.yaml', 'a: &x {b: 1}\nc: *x\n')
  t.strictSame(value, { a: { b: 1 }, c: { b: 1 } })
  const { a, c } = value as { a: unknown; c: unknown }
  t.not(a, c)
})
